/**
 * The one way out of the worker: a flow's reply, its refusal or its fault becomes a response and one log line. Whatever
 * is thrown is a fault: a 5xx with a correlation id and nothing of the inside, so that no failure of ours reaches a model.
 */
import { asFault, faultToHttp, type HttpFailure, type Refusal, refusalToHttp } from "../contract/failure.ts";
import { faultLog, logRequest, type RequestLog } from "./log.ts";

/** What a flow ends in. */
export type Flow = { ok: true; response: Response } | { ok: false; refusal: Refusal };

export const reply = (json: unknown, status: 200 | 503 = 200): Flow => ({
  ok: true,
  response: Response.json(json, { status }),
});
export const refuse = (refusal: Refusal): Flow => ({ ok: false, refusal });

export async function exit(log: RequestLog, flow: (log: RequestLog) => Promise<Flow>): Promise<Response> {
  const started = Date.now();
  const elapsed = () => Date.now() - started;
  try {
    const result = await flow(log);
    if (result.ok) {
      logRequest(log, result.response.status, elapsed());
      return result.response;
    }
    const failure = refusalToHttp(result.refusal);
    logRequest({ outcome: "refused", ...log }, failure.status, elapsed());
    return failureResponse(failure);
  } catch (thrown) {
    const fault = asFault(thrown);
    const correlationId = crypto.randomUUID();
    const failure = faultToHttp(fault, correlationId);
    const outcome = log.outcome ?? (fault.boundary === "network" ? "cut_off" : "fault");
    logRequest({ ...log, outcome }, failure.status, elapsed(), faultLog(fault, correlationId));
    return failureResponse(failure);
  }
}

const failureResponse = ({ status, headers, body }: HttpFailure) => Response.json(body, { status, headers });
