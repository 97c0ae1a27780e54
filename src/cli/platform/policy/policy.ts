/**
 * The stand-in for a language model: weights of a linear policy over the moves that an environment's practice offers. It has no
 * language and knows nothing; it only prefers some moves to others. Plain JSON.
 */
import * as z from "zod";

/** How much each feature of a move speaks for it, in nats; 0 for one that is not named. */
export const Policy = z.object({ weights: z.record(z.string(), z.number()) });
export type Policy = Readonly<z.infer<typeof Policy>>;

/** The base model: looks at much, repeats itself, answers late. */
export const untrained: Policy = { weights: { search: 1, cat: 1, answer: 0.5, unread: -4 } };
