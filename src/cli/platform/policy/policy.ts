/**
 * The stand-in for a language model: weights of a linear policy over the moves that an environment's practice offers. It has no
 * language and knows nothing; it only prefers some moves to others. Plain JSON.
 */
import * as z from "zod";

/** How much each feature of a move speaks for it, in nats; 0 for one that is not named. */
export const Policy = z.object({ weights: z.record(z.string(), z.number()) });
export type Policy = Readonly<z.infer<typeof Policy>>;

/**
 * The base model, with the habits of one that has tools and was not trained to use them: it searches again, looks around, opens
 * the same page twice, and answers when it has done much. What words go with what, it knows a little.
 */
export const untrained: Policy = {
  weights: {
    call: 1.8,
    search: 0.7,
    "search again": 0.3,
    list: 0.3,
    open: 0.7,
    "open page 1": 1,
    answer: -14,
    "answer late": 8,
    "answer unread": -4,
    "answer unread late": 6,
    "answer blindly": -3,
    "row fits best": 2,
    "column fits best": 2,
    "first fits best": 2,
    "covers the question": 2.5,
    "covered by the question": 2.5,
    "page fits": 3,
    "page found first": 2,
    "later first": 1,
    "figure for plain": 4,
    "share for percent": 4,
    "growth for percent and change": 6,
    "growth for change": 2,
    "difference for difference": 6,
    "difference for change": 2,
    "sum for sum": 6,
    "average of a row for average": 6,
    "quotient for ratio": 4,
  },
};
