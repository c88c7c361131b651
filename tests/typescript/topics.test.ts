// Topics: what is subscribed to, how it ends, and how it comes back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { ChannelConnection, ClientOptions, ConnectionStatus, HubChannel } from "./desk.ts";
import { channels, comeBack } from "./desk.ts";
import { Socket, tick, timers, turn } from "./fake.ts";

function connected(options: ClientOptions = {}): ChannelConnection<HubChannel> {
    return channels("wss://chat.example").hub(options);
}

function opened(options: ClientOptions = {}): ChannelConnection<HubChannel> {
    const hub = connected(options);
    Socket.last.opens();
    return hub;
}

function actions(): [string, string | undefined][] {
    return Socket.last.sent.map(({ action, topic }) => [action, topic]);
}

function why(status: ConnectionStatus) {
    assert.ok("why" in status, status.state);
    return status.why;
}

/** A subscription that the server has confirmed. */
function subscribed(hub: ChannelConnection<HubChannel>, room: number | string = 5) {
    const subscription = hub.subscribe.room({ room });
    Socket.last.answers("subscribed");
    return subscription;
}

/** Loses the connection and opens the next. */
function reconnects(): void {
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
}

test("a topic is subscribed to once the connection is open, and what is for it goes once it is", () => {
    const hub = connected();
    const room = hub.subscribe.room({ room: 5 });
    room.send("say", { text: "hi" });
    assert.equal(room.topic, "room:5");
    Socket.last.opens();
    assert.deepEqual(actions(), [["subscribe", "room:5"]]);
    assert.equal(room.status.state, "connecting");

    hub.send("ping");
    Socket.last.says({ action: "subscribed", payload: null, version: 1, ref: "1", topic: "room:5" });
    assert.equal(room.status.state, "open");
    room.send("say", { text: "again" });
    assert.deepEqual(actions().slice(1), [
        ["ping", undefined],
        ["say", "room:5"],
        ["say", "room:5"],
    ]);
});

test("a topic hears what is its own, and the connection the rest", () => {
    const hub = opened();
    const [five, six] = [subscribed(hub, 5), subscribed(hub, 6)];
    const heard: string[] = [];
    five.on("heard", ({ text }) => heard.push(`five ${text}`));
    six.on("heard", ({ text }) => heard.push(`six ${text}`));
    hub.on("pong", () => heard.push("hub"));
    Socket.last.says({ action: "heard", payload: { text: "a" }, topic: "room:5" });
    Socket.last.says({ action: "heard", payload: { text: "b" }, topic: "room:6" });
    Socket.last.says({ action: "heard", payload: { text: "c" }, topic: "room:7" });
    Socket.last.says({ action: "pong", payload: null });
    assert.deepEqual(heard, ["five a", "six b", "hub"]);
});

test("a request on a topic names it", async () => {
    const room = subscribed(opened());
    const request = room.request("say", { text: "hi" });
    assert.deepEqual(Socket.last.sent.at(-1), { action: "say", payload: { text: "hi" }, ref: "2", topic: "room:5" });
    Socket.last.answers("said");
    assert.ok((await request).ok);
});

test("a topic that is refused tells why, and the connection goes on", async () => {
    const hub = opened();
    const room = hub.subscribe.room({ room: 5 });
    const settled = room.settled();
    Socket.last.answers("error", { detail: "members only", reason: "unauthorized" });
    assert.equal((await settled).state, "closed");
    const topic = "room:5";
    assert.deepEqual(why(room.status), { code: 1000, reason: "unauthorized", detail: "members only", topic });
    assert.equal(room.send("say", { text: "hi" }), false);
    assert.equal(hub.status.state, "open");
    reconnects();
    assert.deepEqual(actions(), []);
});

test("topics are subscribed to again when the connection is back", () => {
    const hub = opened();
    const room = subscribed(hub);
    const states: string[] = [];
    room.onStatus(({ state }) => states.push(state));
    reconnects();
    assert.deepEqual(actions(), [["subscribe", "room:5"]]);
    Socket.last.answers("subscribed");
    assert.deepEqual(states, ["waiting", "connecting", "open"]);
});

test("a subscription that the server ends is over", async () => {
    const hub = opened();
    const room = subscribed(hub);
    const messages = room[Symbol.asyncIterator]();
    const topic = "room:5";
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "gone" }, topic });
    // The status tells, so that it is no message besides.
    assert.equal((await messages.next()).done, true);
    assert.deepEqual(why(room.status), { code: 1000, reason: "archived", detail: "gone", topic });
    reconnects();
    assert.deepEqual(actions(), []);
});

test("unsubscribing is told to the server, and to nobody else", () => {
    const told: unknown[] = [];
    const hub = opened({ onError: (error) => told.push(error) });
    const room = subscribed(hub);
    room.unsubscribe();
    room.unsubscribe();
    assert.deepEqual(actions().at(-1), ["unsubscribe", "room:5"]);
    assert.equal(actions().length, 2);
    assert.equal(why(room.status).reason, "unsubscribed");

    // Subscribed to again at once: the answer to the end of the first is not the second's.
    const again = hub.subscribe.room({ room: 5 });
    const { ref } = Socket.last.sent[1] ?? {};
    Socket.last.says({ action: "unsubscribed", payload: null, version: 1, ref, topic: "room:5" });
    Socket.last.answers("subscribed");
    assert.equal(again.status.state, "open");
    assert.deepEqual(told, []);
});

test("two subscriptions to one topic share it", () => {
    const hub = opened();
    const [one, other] = [subscribed(hub), hub.subscribe.room({ room: 5 })];
    assert.deepEqual([one.status.state, other.status.state, actions().length], ["open", "open", 1]);
    let heard = 0;
    one.on("heard", () => (heard += 1));
    other.on("heard", () => (heard += 1));
    Socket.last.says({ action: "heard", payload: { text: "a" }, topic: "room:5" });
    one.unsubscribe();
    assert.notEqual(actions().at(-1)?.[0], "unsubscribe");
    Socket.last.says({ action: "heard", payload: { text: "b" }, topic: "room:5" });
    assert.equal(heard, 3);
    other.unsubscribe();
    assert.equal(actions().at(-1)?.[0], "unsubscribe");
});

test("what would be another topic is refused at once", () => {
    const hub = opened();
    for (const room of ["", "5:admin"]) assert.throws(() => hub.subscribe.room({ room }), TypeError);
    assert.deepEqual(Socket.last.sent, []);
});

test("subscriptions end with their connection, and leave nothing behind", async () => {
    const hub = opened();
    const room = hub.subscribe.room({ room: 5 });
    const asked = room.request("say", { text: "hi" });
    hub.close();
    assert.equal(room.status.state, "closed");
    const answer = await asked;
    assert.ok(!answer.ok && answer.error.kind === "cut_off");
    assert.equal(hub.subscribe.room({ room: 6 }).status.state, "closed");
    await turn();
    assert.equal(timers.size, 0);
});

test("what waits for a topic that is refused is counted, and its requests are told", async () => {
    const room = opened().subscribe.room({ room: 5 });
    room.send("say", { text: "hi" });
    const asked = room.request("say", { text: "hi" });
    Socket.last.answers("error", { detail: "members only", reason: "unauthorized" });
    assert.ok(room.status.state === "closed");
    assert.equal(room.status.unsent, 2);
    const answer = await asked;
    assert.ok(!answer.ok && answer.error.kind === "cut_off");
    assert.deepEqual([answer.error.sent, answer.error.why.reason], [false, "unauthorized"]);
    assert.equal(actions().length, 1);
});

test("what waits for a topic that is left is counted, and never sent", async () => {
    const hub = opened();
    const [room, other] = [subscribed(hub), hub.subscribe.room({ room: 5 })];
    Socket.last.ends(1006);
    room.send("say", { text: "mine" });
    other.send("say", { text: "other's" });
    const asked = room.request("say", { text: "mine" });
    room.unsubscribe();
    assert.ok(room.status.state === "closed");
    assert.equal(room.status.unsent, 2);
    assert.ok(!(await asked).ok);
    tick(500);
    Socket.last.opens().answers("subscribed");
    assert.deepEqual(
        Socket.last.sent.map(({ payload }) => payload),
        [null, { text: "other's" }],
    );
    other.unsubscribe();
    assert.ok(other.status.state === "closed");
    assert.equal(other.status.unsent, 0);
});

test("what a closed connection had for its topics is counted by each", () => {
    const hub = connected();
    const [five, six] = [hub.subscribe.room({ room: 5 }), hub.subscribe.room({ room: 6 })];
    hub.send("ping");
    five.send("say", { text: "a" });
    hub.onStatus(() => assert.equal(six.send("say", { text: "too late" }), false));
    Socket.last.ends(4403);
    assert.deepEqual(
        [hub, five, six].map(({ status }) => status.state === "closed" && status.unsent),
        [2, 1, 0],
    );
});

test("what ended the subscription before does not end the next", () => {
    const hub = opened();
    subscribed(hub).unsubscribe();
    const again = hub.subscribe.room({ room: 5 });
    let heard = 0;
    again.on("heard", () => (heard += 1));
    // Both have been on their way.
    Socket.last.says({ action: "heard", payload: { text: "late" }, topic: "room:5" });
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "" }, topic: "room:5" });
    Socket.last.answers("subscribed");
    assert.deepEqual([again.status.state, heard], ["open", 0]);
});

test("a topic that is left and subscribed to again while the socket is full is told in that order", () => {
    const hub = opened();
    const room = subscribed(hub);
    Socket.last.bufferedAmount = 2 * 1024 * 1024;
    room.send("say", { text: "dropped" });
    room.unsubscribe();
    const again = hub.subscribe.room({ room: 5 });
    again.send("say", { text: "hi" });
    assert.equal(actions().length, 1);
    Socket.last.bufferedAmount = 0;
    tick(50);
    Socket.last.answers("subscribed");
    assert.deepEqual(
        actions().map(([action]) => action),
        ["subscribe", "unsubscribe", "subscribe", "say"],
    );
});

test("a hundred thousand messages wait for a topic as fast as they are sent", () => {
    const hub = opened({ queue: 100_000 });
    const room = hub.subscribe.room({ room: 5 });
    const began = performance.now();
    for (let left = 100_000; left > 0; left -= 1) assert.ok(room.send("say", { text: "" }));
    assert.equal(room.send("say", { text: "one more" }), false);
    assert.ok(performance.now() - began < 5_000);
    Socket.last.answers("subscribed");
    assert.equal(Socket.last.sent.length, 100_001);
});

test("what was for the server alone is not sent to the next", () => {
    const hub = opened();
    const room = subscribed(hub);
    Socket.last.bufferedAmount = 2 * 1024 * 1024;
    room.unsubscribe();
    const again = hub.subscribe.room({ room: 5 });
    reconnects();
    assert.deepEqual(actions(), [["subscribe", "room:5"]]);
    Socket.last.answers("subscribed");
    assert.equal(again.status.state, "open");
});

test("a subscription that the server has ended for a while is made again, and what was sent meanwhile goes then", async () => {
    const told: unknown[] = [];
    const hub = opened({ minDelay: 1_000, onError: (error) => told.push(error) });
    const room = subscribed(hub);
    const asked = room.request("say", { text: "lost" });
    const topic = "room:5";
    const why = { code: 1000, reason: "too_slow", detail: "events came faster", topic };
    Socket.last.says({ action: "unsubscribed", payload: { reason: "too_slow", detail: "events came faster" }, topic });
    assert.deepEqual(room.status, { state: "waiting", attempt: 1, delay: 500, why });
    const answer = await asked;
    assert.ok(!answer.ok && answer.error.kind === "cut_off" && answer.error.sent);
    // The server answers what waited for the subscription.
    Socket.last.says({ action: "error", payload: { detail: "no", reason: "not_subscribed" }, ref: "2", topic });

    room.send("say", { text: "later" });
    hub.send("ping");
    assert.deepEqual(actions().slice(2), [["ping", undefined]]);
    tick(500);
    assert.deepEqual(actions().at(-1), ["subscribe", topic]);
    assert.equal(room.status.state, "connecting");
    Socket.last.answers("subscribed");
    assert.equal(room.status.state, "open");
    assert.deepEqual(Socket.last.sent.at(-1)?.payload, { text: "later" });
    assert.deepEqual(told, []);
});

test("waits for a subscription double, unless it stood for a while", () => {
    const hub = opened({ minDelay: 100 });
    const room = subscribed(hub);
    const delays: number[] = [];
    room.onStatus((status) => status.state === "waiting" && delays.push(status.delay));
    const fails = () => Socket.last.says({ action: "unsubscribed", payload: { reason: "failed" }, topic: "room:5" });
    for (let left = 3; left > 0; left -= 1) {
        fails();
        tick(500);
        Socket.last.answers("subscribed");
    }
    tick(10_000);
    fails();
    assert.deepEqual(delays, [50, 100, 200, 50]);
});

test("a subscription that could not be made now is tried again, later where there are too many messages", () => {
    const hub = opened({ minDelay: 1_000, maxDelay: 8_000 });
    const room = hub.subscribe.room({ room: 5 });
    Socket.last.answers("error", { detail: "Failed to process message for subscribe" });
    assert.ok(room.status.state === "waiting");
    assert.equal(room.status.delay, 500);
    tick(500);
    Socket.last.answers("error", { detail: "too many messages", reason: "rate_limited" });
    assert.ok(room.status.state === "waiting");
    assert.equal(room.status.delay, 6_000);
});

test("a refusal that is rendered in another way is no reason to come back", () => {
    const told: unknown[] = [];
    const hub = opened({ onError: (error) => told.push(String(error)) });
    const rendered = [{ message: "no", code: 403 }, "no", null, 5, [{ type: "value_error", loc: ["subscribe"], msg: "no" }]];
    for (const payload of rendered) {
        const room = hub.subscribe.room({ room: 5 });
        Socket.last.answers("error", payload);
        assert.deepEqual(room.status, {
            state: "closed",
            why: { code: 1000, reason: "refused", detail: "", topic: "room:5" },
            unsent: 0,
        });
    }
    for (const payload of rendered) Socket.last.says({ action: "error", payload });
    assert.deepEqual(told, [
        'ServerError: {"message":"no","code":403}',
        'ServerError: "no"',
        "ServerError: null",
        "ServerError: 5",
        "ServerError: subscribe: no",
    ]);
    hub.close();
});

test("the application may decide otherwise for a topic, and is told which", () => {
    const asked: unknown[] = [];
    const hub = opened({
        retry: ({ topic, reason }) => {
            asked.push([topic, reason]);
            return reason === "archived";
        },
    });
    const [five, six] = [subscribed(hub, 5), subscribed(hub, 6)];
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "" }, topic: "room:5" });
    Socket.last.says({ action: "unsubscribed", payload: { reason: "too_slow", detail: "" }, topic: "room:6" });
    assert.deepEqual([five.status.state, six.status.state], ["waiting", "closed"]);
    assert.deepEqual(asked, [
        ["room:5", "archived"],
        ["room:6", "too_slow"],
    ]);
});

test("a subscription that waits comes back with its connection, and is left without a timer", () => {
    const hub = opened({ heartbeat: 0 });
    const room = subscribed(hub);
    const ends = () => Socket.last.says({ action: "unsubscribed", payload: { reason: "failed" }, topic: "room:5" });
    ends();
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
    assert.deepEqual(actions(), [["subscribe", "room:5"]]);
    Socket.last.answers("subscribed");
    tick(60_000);
    assert.equal(actions().filter(([action]) => action === "subscribe").length, 1);

    ends();
    room.unsubscribe();
    tick(60_000);
    assert.equal(actions().filter(([action]) => action === "subscribe").length, 1);
    assert.notEqual(actions().at(-1)?.[0], "unsubscribe");

    const other = subscribed(hub, 6);
    Socket.last.says({ action: "unsubscribed", payload: { reason: "failed" }, topic: "room:6" });
    hub.close();
    assert.equal(other.status.state, "closed");
    assert.equal(timers.size, 0);
});

test("reasons are what the book says", () => {
    const book = readFileSync(process.env["CHANX_BOOK"] ?? "", "utf8");
    const rows = [...book.matchAll(/^\| (`[^|]*`|none) \|[^|]*\| (yes|slower|no)\b[^|]*\|$/gm)];
    const reasons = rows.flatMap(([, reasons, advice]) =>
        (reasons ?? "").split(", ").map((reason) => [reason.replaceAll("`", ""), advice] as const),
    );
    assert.ok(reasons.length >= 8, String(reasons));
    for (const [reason, advice] of reasons) assert.equal(comeBack(reason === "none" ? "" : reason), advice, reason);
    assert.equal(comeBack("archived"), "no");
});

test("what went wrong with a message is told when its subscription is over, too", () => {
    const told: unknown[] = [];
    const hub = opened({ onError: (error) => told.push(String(error)) });
    const room = subscribed(hub);
    room.send("say", { text: "hi" });
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "" }, topic: "room:5" });
    Socket.last.says({ action: "error", payload: { detail: "not subscribed", reason: "not_subscribed" }, topic: "room:5" });
    assert.deepEqual(told, ["ServerError: not subscribed"]);
});

test("whoever is told of a subscription may end it, or the connection", () => {
    const hub = opened();
    const [one, other] = [subscribed(hub), hub.subscribe.room({ room: 5 })];
    one.onStatus(({ state }) => state === "waiting" && hub.close());
    Socket.last.ends(1006);
    assert.deepEqual([hub, one, other].map(({ status }) => status.state), ["closed", "closed", "closed"]);

    const again = opened();
    const room = subscribed(again);
    room.onStatus(({ state }) => state === "connecting" && again.close());
    reconnects();
    assert.deepEqual([again, room].map(({ status }) => status.state), ["closed", "closed"]);

    const third = opened();
    const left = subscribed(third);
    left.onStatus(({ state }) => state === "connecting" && left.unsubscribe());
    reconnects();
    assert.deepEqual([third, left].map(({ status }) => status.state), ["open", "closed"]);
    assert.deepEqual(actions(), []);
    third.close();
    assert.equal(timers.size, 0);
});

test("a stream on a topic is over when the topic is, and is ended where another still has it", async () => {
    const hub = opened();
    const parts = async (room: ReturnType<typeof subscribed>) => {
        const kinds: unknown[] = [];
        for await (const part of room.stream("replay", { lines: 5 })) kinds.push(part.ok || part.error.kind);
        return kinds;
    };
    const room = subscribed(hub);
    const ended = parts(room);
    Socket.last.answers("heard", { text: "a" });
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "" }, topic: "room:5" });
    assert.deepEqual(await ended, [true, "cut_off"]);

    const [one, other] = [subscribed(hub), hub.subscribe.room({ room: 5 })];
    const left = parts(one);
    Socket.last.answers("heard", { text: "a" });
    const { ref } = Socket.last.sent.at(-1) ?? {};
    let heard = 0;
    other.on("heard", () => (heard += 1));
    one.unsubscribe();
    assert.deepEqual(await left, [true, "cut_off"]);
    assert.deepEqual(Socket.last.sent.at(-1), { action: "complete", payload: null, ref, topic: "room:5" });
    Socket.last.says({ action: "heard", payload: { text: "late" }, ref, topic: "room:5" });
    assert.equal(heard, 0);
});
