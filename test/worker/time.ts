/** The time of a rollout: how it passes, and when its alarm rings. */
import { runInDurableObject } from "cloudflare:test";
import type { TestRollout } from "./world.ts";

/** Looks into a rollout's object. */
export const inObject = <T>(
  rollout: TestRollout,
  look: (storage: DurableObjectStorage) => T | Promise<T>,
): Promise<T> => runInDurableObject(rollout.object, (_, { storage }) => look(storage));

/** Lets time pass for a rollout: all that its object has written down is so much longer ago. */
export function letPass(rollout: TestRollout, milliseconds: number): Promise<void> {
  return inObject(rollout, ({ sql }) => {
    sql.exec("UPDATE rollout SET opened_at = opened_at - ?1, closed_at = closed_at - ?1", milliseconds);
    sql.exec("UPDATE calls SET received_at = received_at - ?", milliseconds);
    sql.exec("UPDATE grades SET graded_at = graded_at - ?", milliseconds);
    sql.exec("UPDATE refusals SET refused_at = refused_at - ?", milliseconds);
  });
}

/** When the object's alarm rings next, in milliseconds since 1970. */
export const alarmOf = (rollout: TestRollout) => inObject(rollout, (storage) => storage.getAlarm());
