/** A value that can be watched. */
export class Watched<T> {
    #watchers = new Set<(value: T) => unknown>();
    value: T;
    #told: (error: unknown) => void;

    constructor(value: T, told: (error: unknown) => void) {
        this.value = value;
        this.#told = told;
    }

    set(value: T): void {
        this.value = value;
        for (const watcher of [...this.#watchers]) {
            // One of them may have changed it, or sent another away.
            if (this.value === value && this.#watchers.has(watcher)) guarded(watcher, this.#told, value);
        }
    }

    watch = (watcher: (value: T) => unknown): (() => void) => {
        // The same function may watch twice.
        const own = (value: T) => watcher(value);
        this.#watchers.add(own);
        return () => this.#watchers.delete(own);
    };
}

/** Calls what the application has given, so that its mistakes stay its own and are told. */
export function guarded<A extends unknown[]>(run: (...args: A) => unknown, told: (error: unknown) => void, ...args: A): void {
    try {
        const result = run(...args) as { then?: unknown } | null | undefined;
        if (typeof result?.then === "function") Promise.resolve(result).catch(told);
    } catch (error) {
        told(error);
    }
}

/** Runs it when what is being done is done, which it may need. */
export function later(run: () => void): void {
    void Promise.resolve().then(run);
}
