/** Posts an alarm to the operator's webhook. Never logs or shows the URL, which often is a secret; never throws. */
import { limits } from "../../contract/limits.ts";
import type { AlarmPush } from "../../contract/run.ts";

/** Undefined when the receiver took it (2xx), else why not. */
export async function pushAlarm(url: string, push: AlarmPush): Promise<Error | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limits.webhookMilliseconds);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(push),
      redirect: "manual",
      signal: abort.signal,
    });
    await response.body?.cancel();
    return response.ok ? undefined : new WebhookRefused(response.status);
  } catch (error) {
    return error instanceof Error ? error : new Error("the webhook did not answer");
  } finally {
    clearTimeout(timer);
  }
}

/** The log shows an error's name and place only: the name says the status. */
class WebhookRefused extends Error {
  constructor(status: number) {
    super(`the webhook answered ${status}`);
    this.name = `WebhookRefused${status}`;
  }
}
