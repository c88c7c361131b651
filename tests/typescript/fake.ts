// A server in the place of the network, and a clock that stands still.

import { afterEach, beforeEach, mock } from "node:test";

interface Sent {
    action: string;
    payload: unknown;
    ref?: string;
    topic?: string;
}

/** The server's end of a connection, in the place of the platform's own `WebSocket`. */
export class Socket {
    static all: Socket[] = [];
    readyState = 0;
    bufferedAmount = 0;
    sent: Sent[] = [];
    closed: number | undefined;
    url: string;
    protocols: string[];
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onerror: (() => void) | null = null;
    onclose: ((event: { code: number; reason: string }) => void) | null = null;

    constructor(url: string, protocols: string[]) {
        this.url = url;
        this.protocols = protocols;
        Socket.all.push(this);
    }

    /** The one that was opened last. */
    static get last(): Socket {
        const last = Socket.all.at(-1);
        if (!last) throw new Error("no socket has been opened");
        return last;
    }

    opens(): this {
        this.readyState = 1;
        this.onopen?.();
        return this;
    }

    says(frame: object | string): void {
        this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
    }

    /** Answers the last message that was sent. */
    answers(action: string, payload: unknown = null): void {
        const { ref, topic } = this.sent.at(-1) as Sent;
        this.says({ action, payload, version: 1, ref, topic });
    }

    ends(code: number, reason = ""): void {
        this.readyState = 3;
        this.onclose?.({ code, reason });
    }

    send(text: string): void {
        this.sent.push(JSON.parse(text) as Sent);
    }

    close(code = 1005): void {
        this.readyState = 2;
        this.closed = code;
    }
}

/** What has been set and has neither run nor been taken back. */
export const timers = new Set<object>();

const platform = { ...globalThis } as typeof globalThis;

beforeEach(() => {
    Socket.all = [];
    timers.clear();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { setTimeout, clearTimeout } = globalThis;
    Object.assign(globalThis, {
        WebSocket: Socket,
        setTimeout: (run: () => void, after: number) => {
            const timer: object = setTimeout(() => {
                timers.delete(timer);
                run();
            }, after);
            timers.add(timer);
            return timer;
        },
        clearTimeout: (timer: object) => {
            timers.delete(timer);
            clearTimeout(timer as NodeJS.Timeout);
        },
    });
    mock.method(Math, "random", () => 0.5);
});

afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
    Object.assign(globalThis, { setTimeout: platform.setTimeout, clearTimeout: platform.clearTimeout });
});

export function tick(milliseconds: number): void {
    // In steps, because what a timer sets counts from the end of a step.
    for (let left = milliseconds; left > 0; left -= 50) mock.timers.tick(Math.min(left, 50));
}

/** Lets promises run that are settled. */
export async function turn(): Promise<void> {
    for (let left = 20; left > 0; left -= 1) await Promise.resolve();
}
