// What is sent, asked and heard.

import assert from "node:assert/strict";
import { test } from "node:test";

import { channels, ServerError, type ClientOptions } from "./client.ts";
import { Socket, tick, timers, turn } from "./fake.ts";

function opened(options: ClientOptions = {}) {
    const room = channels("wss://chat.example").room({ room: "lobby" }, options);
    Socket.last.opens();
    return room;
}

test("a message goes as the protocol has it", () => {
    const room = opened();
    assert.ok(room.send("chat", { text: "hi" }));
    assert.ok(room.send("ping"));
    assert.deepEqual(Socket.last.sent, [
        { action: "chat", payload: { text: "hi" } },
        { action: "ping", payload: null },
    ]);
});

test("messages wait in order until it is open, as many as there is room for", () => {
    const room = channels("wss://chat.example").room({ room: "lobby" }, { queue: 2 });
    assert.ok(room.send("topic", "1"));
    assert.ok(room.send("topic", "2"));
    assert.equal(room.send("topic", "3"), false);
    Socket.last.opens();
    room.send("topic", "4");
    assert.deepEqual(
        Socket.last.sent.map(({ payload }) => payload),
        ["1", "2", "4"],
    );
});

test("what waits is what it was when it was sent", () => {
    const room = channels("wss://chat.example").room({ room: "lobby" });
    const line = { text: "before" };
    room.send("chat", line);
    line.text = "after";
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent[0]?.payload, { text: "before" });
});

test("what is no JSON is told to whoever sends it", () => {
    const room = channels("wss://chat.example").room({ room: "lobby" });
    const endless: { text: string; reply_to?: null } & { self?: object } = { text: "x" };
    endless.self = endless;
    assert.throws(() => room.send("chat", endless), TypeError);
    assert.throws(() => void room.request("draw", endless as never), TypeError);
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent, []);
});

test("without a queue nothing waits", async () => {
    const room = channels("wss://chat.example").room({ room: "lobby" }, { queue: 0 });
    assert.equal(room.send("topic", "1"), false);
    assert.deepEqual(await room.request("topic", "1"), { ok: false, error: { kind: "no_room", sent: false } });
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent, []);
});

test("what waited when it is over is counted", () => {
    const room = channels("wss://chat.example").room({ room: "lobby" });
    room.send("topic", "1");
    room.send("topic", "2");
    Socket.last.ends(4403);
    assert.ok(room.status.state === "closed");
    assert.equal(room.status.unsent, 2);
});

test("a socket that takes no more is not filled without end", () => {
    const room = opened({ queue: 2 });
    Socket.last.bufferedAmount = 2 * 1024 * 1024;
    assert.deepEqual(
        ["1", "2", "3"].map((text) => room.send("topic", text)),
        [true, true, false],
    );
    assert.equal(Socket.last.sent.length, 0);
    Socket.last.bufferedAmount = 0;
    tick(50);
    assert.equal(Socket.last.sent.length, 2);
});

test("what is sent to a socket that is closing waits for the next", () => {
    const room = opened();
    Socket.last.readyState = 2;
    assert.ok(room.send("topic", "1"));
    Socket.last.ends(1001);
    tick(500);
    Socket.last.opens();
    assert.equal(Socket.last.sent[0]?.payload, "1");
});

test("listeners hear their action, with the whole message", () => {
    const room = opened();
    const heard: unknown[] = [];
    const off = room.on("history", (lines, message) => heard.push(lines.length, message.is_mine));
    const message = { action: "history", payload: [], is_mine: true };
    Socket.last.says(message);
    Socket.last.says({ action: "pong", payload: null });
    off();
    off();
    Socket.last.says(message);
    assert.deepEqual(heard, [0, true]);
});

test("a listener that throws or rejects keeps nothing from the others, and is told", async () => {
    const told: unknown[] = [];
    const room = opened({ onError: (error) => told.push(String(error)) });
    let heard = 0;
    room.on("topic", () => {
        throw new Error("thrown");
    });
    room.on("topic", () => Promise.reject(new Error("rejected")));
    room.on("topic", () => (heard += 1));
    Socket.last.says({ action: "topic", payload: "x" });
    await turn();
    assert.equal(heard, 1);
    assert.deepEqual(told, ["Error: thrown", "Error: rejected"]);
});

test("an error that nobody listens for is told", () => {
    const told: unknown[] = [];
    const room = opened({ onError: (error) => told.push(error) });
    const violations = [{ type: "string_type", loc: ["chat", "payload", "text"], msg: "must be a string" }];
    Socket.last.says({ action: "error", payload: violations });
    Socket.last.says({ action: "error", payload: { detail: "too many messages", reason: "rate_limited" } });
    assert.deepEqual(told.map(String), [
        "ServerError: chat.payload.text: must be a string",
        "ServerError: too many messages",
    ]);
    assert.ok(told[0] instanceof ServerError);

    room.on("error", () => {});
    Socket.last.says({ action: "error", payload: violations });
    assert.equal(told.length, 2);
});

test("what is no message is told and does nothing", () => {
    const told: unknown[] = [];
    const room = opened({ onError: (error) => told.push(error) });
    for (const frame of ["{", "null", "5", "[]", '{"payload":1}']) Socket.last.says(frame);
    assert.equal(told.length, 5);
    assert.equal(room.status.state, "open");
});

test("whoever is told of errors may throw", () => {
    const room = opened({
        onError: () => {
            throw new Error("again");
        },
    });
    Socket.last.says("{");
    assert.equal(room.status.state, "open");
});

test("whoever is told of errors may reject, too", async () => {
    const rejections: unknown[] = [];
    const note = (error: unknown) => rejections.push(error);
    process.on("unhandledRejection", note);
    try {
        const room = opened({ onError: () => Promise.reject(new Error("again")) });
        Socket.last.says("{");
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual([room.status.state, rejections], ["open", []]);
    } finally {
        process.off("unhandledRejection", note);
    }
});

test("a request resolves to the reply with its ref", async () => {
    const room = opened();
    let pushed = 0;
    room.on("topic", () => (pushed += 1));
    const request = room.request("topic", "asked");
    Socket.last.says({ action: "topic", payload: "pushed" });
    Socket.last.answers("topic", "answered");
    const answer = await request;
    assert.ok(answer.ok);
    assert.equal(answer.payload, "answered");
    assert.equal(pushed, 1);
    assert.equal(Socket.last.sent[0]?.ref, "1");
    room.close();
    assert.equal(timers.size, 0);
});

test("a request that is refused resolves to why", async () => {
    const room = opened();
    const request = room.request("topic", "asked");
    const violations = [{ type: "value_error", loc: ["topic", "payload"], msg: "too short" }];
    Socket.last.answers("error", violations);
    assert.deepEqual(await request, { ok: false, error: { kind: "invalid", violations } });

    const other = room.request("topic", "asked");
    Socket.last.answers("error", { detail: "not now", reason: "busy" });
    assert.deepEqual(await other, { ok: false, error: { kind: "refused", detail: "not now", reason: "busy" } });
});

test("a request is given up in time, and its answer is then for listeners", async () => {
    const room = opened();
    let late = 0;
    room.on("topic", () => (late += 1));
    const request = room.request("topic", "asked", { timeout: 100 });
    tick(100);
    assert.deepEqual(await request, { ok: false, error: { kind: "timeout", sent: true } });
    Socket.last.answers("topic", "late");
    assert.equal(late, 1);
});

test("a request that waits and is given up is never sent", async () => {
    const room = channels("wss://chat.example").room({ room: "lobby" });
    const giveUp = new AbortController();
    const aborted = room.request("ping", null, { signal: giveUp.signal });
    const late = room.request("ping", null, { timeout: 10 });
    giveUp.abort("enough");
    tick(10);
    assert.deepEqual(await aborted, { ok: false, error: { kind: "aborted", sent: false, reason: "enough" } });
    assert.deepEqual(await late, { ok: false, error: { kind: "timeout", sent: false } });
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent, []);
    const before = await room.request("ping", null, { signal: giveUp.signal });
    assert.ok(!before.ok && before.error.kind === "aborted");
});

test("a request that was sent is cut off with its connection, one that waits is not", async () => {
    const room = opened();
    const sent = room.request("ping");
    Socket.last.ends(1006);
    const answer = await sent;
    assert.ok(!answer.ok && answer.error.kind === "cut_off");
    assert.deepEqual([answer.error.sent, answer.error.why.code], [true, 1006]);

    const waits = room.request("ping");
    tick(250);
    Socket.last.opens().answers("pong");
    assert.ok((await waits).ok);
});

test("a loop gets what comes, over reconnecting, until it is closed", async () => {
    const room = opened();
    const heard: unknown[] = [];
    const loop = (async () => {
        for await (const message of room) heard.push(message.payload);
    })();
    Socket.last.says({ action: "topic", payload: "1" });
    Socket.last.ends(1006);
    tick(250);
    Socket.last.opens().says({ action: "topic", payload: "2" });
    await turn();
    room.close();
    await loop;
    assert.deepEqual(heard, ["1", "2"]);
});

test("a loop that is too slow is told, after what it has", async () => {
    const room = opened({ inbox: 2 });
    const messages = room[Symbol.asyncIterator]();
    for (const payload of ["1", "2", "3"]) Socket.last.says({ action: "topic", payload });
    assert.equal((await messages.next()).value?.payload, "1");
    assert.equal((await messages.next()).value?.payload, "2");
    await assert.rejects(messages.next(), RangeError);
    assert.equal((await messages.next()).done, true);
});

test("a loop that is left hears no more", async () => {
    const told: unknown[] = [];
    const room = opened({ onError: (error) => told.push(error) });
    setImmediate(() => Socket.last.says({ action: "topic", payload: "1" }));
    for await (const _ of room) break;
    Socket.last.says({ action: "error", payload: { detail: "unheard" } });
    assert.equal(told.length, 1);
});
