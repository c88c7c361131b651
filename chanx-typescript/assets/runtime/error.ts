import type { ErrorFrame, Violation } from "./message.ts";

/** An `error` of the server that nobody listens for. */
export class ServerError extends Error {
    override readonly name = "ServerError";
    readonly frame: ErrorFrame;

    constructor(frame: ErrorFrame) {
        const { payload } = frame;
        const told = ({ loc, msg }: Violation) => (loc.length ? `${loc.join(".")}: ${msg}` : msg);
        super(Array.isArray(payload) ? payload.map(told).join("; ") : payload.detail);
        this.frame = frame;
    }
}
