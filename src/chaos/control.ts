/** The control route of the rehearsal's worker: what is to fail from now on, and what has been made to fail. */
import { type HttpFailure, refusalToHttp } from "../contract/failure.ts";
import { FaultSettings } from "../contract/faults.ts";
import type { FaultDraws } from "../environments/fault-draws.ts";

const SECRET = "FAULT_CONTROL";
const encoder = new TextEncoder();

export const closed = () => failed(refusalToHttp({ kind: "closed", secret: SECRET }));

/** `POST` replaces the settings; both methods answer how often each kind was injected since the process began. */
export async function controlFaults(request: Request, token: string, draws: FaultDraws): Promise<Response> {
  if (!isAuthorised(request, token)) return failed(refusalToHttp({ kind: "unauthorized", secret: SECRET }));
  if (request.method === "POST") {
    const settings = FaultSettings.safeParse(await request.json().catch(() => undefined));
    if (!settings.success)
      return failed(refusalToHttp({ kind: "invalid", message: "The body has to be FaultSettings." }));
    draws.change(settings.data);
  }
  return Response.json(draws.counts);
}

function isAuthorised(request: Request, token: string): boolean {
  const presented = encoder.encode(request.headers.get("Authorization") ?? "");
  const expected = encoder.encode(`Bearer ${token}`);
  return presented.length === expected.length && crypto.subtle.timingSafeEqual(presented, expected);
}

const failed = ({ status, headers, body }: HttpFailure) => Response.json(body, { status, headers });
