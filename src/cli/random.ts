/** Seeded random numbers: those of the environments, which the rehearsal's worker draws its faults with as well. */
export { seededRandom, shuffled } from "../environments/random.ts";
