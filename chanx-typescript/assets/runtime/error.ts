import type { ErrorFrame, Violation } from "./message.ts";

/** An `error` of the server that nobody listens for. */
export class ServerError extends Error {
    override readonly name = "ServerError";
    readonly frame: ErrorFrame;

    constructor(frame: ErrorFrame) {
        const { payload } = frame;
        const told = ({ loc, msg }: Violation) => (loc.length ? `${loc.join(".")}: ${msg}` : msg);
        // A channel may render its errors in a way of its own.
        const detail = Array.isArray(payload) ? payload.map(told).join("; ") : payload?.detail;
        super(detail ?? JSON.stringify(payload));
        this.frame = frame;
    }
}
