/** What has come and has not been taken yet. */
export class LoopInbox<T> implements AsyncIterableIterator<T> {
    #items: T[] = [];
    #takers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
    #over = false;
    #error: Error | undefined;
    #limit: number;
    #left: () => void;

    constructor(limit: number, left: () => void) {
        this.#limit = limit;
        this.#left = left;
    }

    push(value: T): void {
        if (this.#over) return;
        const taker = this.#takers.shift();
        if (taker) taker.resolve({ value, done: false });
        else if (this.#items.length < this.#limit) this.#items.push(value);
        else {
            this.#error = new RangeError(`more than ${this.#limit} messages wait for a loop that is too slow`);
            this.end();
            this.#left();
        }
    }

    end(): void {
        this.#over = true;
        for (const taker of this.#takers.splice(0)) taker.resolve({ value: undefined, done: true });
    }

    next(): Promise<IteratorResult<T>> {
        if (this.#items.length) return Promise.resolve({ value: this.#items.shift() as T, done: false });
        if (this.#error) {
            const error = this.#error;
            this.#error = undefined;
            return Promise.reject(error);
        }
        if (this.#over) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
    }

    return(): Promise<IteratorResult<T>> {
        this.#items = [];
        this.#error = undefined;
        if (!this.#over) this.#left();
        this.end();
        return Promise.resolve({ value: undefined, done: true });
    }

    [Symbol.asyncIterator](): this {
        return this;
    }
}
