// Replies that come piece by piece.

import assert from "node:assert/strict";
import { test } from "node:test";

import { channels, type ClientOptions } from "./desk.ts";
import { Socket, tick, timers } from "./fake.ts";

function opened(options: ClientOptions = {}) {
    const desk = channels("wss://chat.example").desk(options);
    Socket.last.opens();
    return desk;
}

test("a stream yields replies until it is complete", async () => {
    const desk = opened();
    const heard: unknown[] = [];
    const loop = (async () => {
        for await (const part of desk.stream("follow", { to: 3 })) heard.push(part.ok && part.payload.number);
    })();
    Socket.last.answers("counted", { number: 0 });
    tick(20_000);
    Socket.last.says({ action: "pong", payload: null });
    const { ref } = Socket.last.sent[0] ?? {};
    Socket.last.says({ action: "counted", payload: { number: 1 }, ref });
    Socket.last.says({ action: "complete", payload: null, ref });
    await loop;
    assert.deepEqual(heard, [0, 1]);
});

test("a stream ends with its error, and with its connection", async () => {
    const desk = opened();
    const ends = async () => {
        const parts = [];
        for await (const part of desk.stream("follow", {})) parts.push(part);
        return parts;
    };
    const refused = ends();
    Socket.last.answers("error", { detail: "no" });
    assert.deepEqual(await refused, [{ ok: false, error: { kind: "refused", detail: "no" } }]);

    const cut = ends();
    Socket.last.answers("counted", { number: 0 });
    Socket.last.ends(1006);
    const [first, second] = await cut;
    assert.ok(first?.ok && second && !second.ok && second.error.kind === "cut_off");
    desk.close();
    assert.equal(timers.size, 0);
});

test("a stream that is left is ended at the server", async () => {
    const desk = opened();
    const stream = desk.stream("follow", {});
    Socket.last.answers("counted", { number: 0 });
    for await (const _ of stream) break;
    assert.deepEqual(Socket.last.sent.at(-1), { action: "complete", payload: null, ref: "1" });

    let late = 0;
    desk.on("counted", () => (late += 1));
    Socket.last.says({ action: "counted", payload: { number: 1 }, ref: "1" });
    Socket.last.says({ action: "complete", payload: null, ref: "1" });
    assert.equal(late, 0);
});

test("a stream that is given up is ended at the server", async () => {
    const desk = opened();
    const giveUp = new AbortController();
    const parts: unknown[] = [];
    const loop = (async () => {
        for await (const part of desk.stream("follow", {}, { signal: giveUp.signal })) parts.push(part);
    })();
    giveUp.abort("enough");
    await loop;
    assert.deepEqual(parts, [{ ok: false, error: { kind: "aborted", sent: true, reason: "enough" } }]);
    assert.equal(Socket.last.sent.at(-1)?.action, "complete");
});

test("a stream that is left while the socket is full is ended at the server nevertheless", async () => {
    const desk = opened({ queue: 0 });
    const stream = desk.stream("follow", {});
    Socket.last.answers("counted", { number: 0 });
    Socket.last.bufferedAmount = 2 * 1024 * 1024;
    for await (const _ of stream) break;
    Socket.last.bufferedAmount = 0;
    tick(50);
    assert.deepEqual(Socket.last.sent.at(-1), { action: "complete", payload: null, ref: "1" });
    desk.close();
    assert.equal(timers.size, 0);
});

test("a stream whose signal was aborted before is never asked for", async () => {
    const desk = opened();
    const parts: unknown[] = [];
    for await (const part of desk.stream("follow", {}, { signal: AbortSignal.abort("no") })) parts.push(part);
    assert.deepEqual(parts, [{ ok: false, error: { kind: "aborted", sent: false, reason: "no" } }]);
    assert.deepEqual(Socket.last.sent, []);
});

test("a loop over a stream that is too slow is told, and the server is", async () => {
    const desk = opened({ inbox: 2 });
    const stream = desk.stream("follow", {});
    Socket.last.answers("counted", { number: 0 });
    const { ref } = Socket.last.sent[0] ?? {};
    for (const number of [1, 2]) Socket.last.says({ action: "counted", payload: { number }, ref });
    assert.equal(Socket.last.sent.at(-1)?.action, "complete");
    await stream.next();
    await stream.next();
    await assert.rejects(stream.next(), RangeError);
});

test("what is left of a stream does not follow it to the next connection", () => {
    const desk = opened();
    void desk.stream("follow", {}).next();
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent, []);
    desk.close();
});
