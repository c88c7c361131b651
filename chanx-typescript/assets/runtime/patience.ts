import { comeBack } from "./come_back.ts";
import { guarded } from "./watched.ts";
import type { ClientOptions, Ending } from "./options.ts";

/** How long something stands before it counts as good. */
const STEADY = 10_000;

/** How often in a row something was tried, and when it is tried again. */
export class Patience {
    attempt = 0;
    #unauthorized = 0;
    #stands: number | undefined;
    #options: ClientOptions;
    #told: (error: unknown) => void;

    constructor(options: ClientOptions, told: (error: unknown) => void) {
        this.#options = options;
        this.#told = told;
    }

    /** It stands. */
    stands(): void {
        this.#stands = Date.now();
    }

    reset(): void {
        this.attempt = this.#unauthorized = 0;
    }

    /** Milliseconds to wait before it is tried again, or nothing where it is over. */
    ended(why: Ending): number | undefined {
        const { minDelay = 500, maxDelay = 30_000, attempts = Infinity } = this.#options;
        if (this.#stands !== undefined && Date.now() - this.#stands >= STEADY) this.reset();
        this.#stands = undefined;
        if (this.attempt >= attempts || !this.#comesBack(why)) return undefined;
        const slower = advice(why) === "slower";
        const bound = Math.min(minDelay * 2 ** this.attempt, maxDelay);
        this.attempt += 1;
        return slower ? maxDelay * (0.5 + Math.random() / 2) : bound * Math.random();
    }

    #comesBack(why: Ending): boolean {
        let decided: boolean | undefined;
        guarded(() => (decided = this.#options.retry?.(why)), this.#told);
        if (decided !== undefined) return decided;
        if (advice(why) !== "once") return advice(why) !== "no";
        this.#unauthorized += 1;
        return this.#unauthorized < 2 && typeof this.#options.token === "function";
    }
}

function advice({ topic, reason, code }: Ending): ReturnType<typeof comeBack> {
    return comeBack(topic === undefined ? code : reason);
}
