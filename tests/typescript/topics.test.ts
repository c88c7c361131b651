// Topics: what is subscribed to, how it ends, and how it comes back.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { ChannelConnection, ClientOptions, ConnectionStatus, HubChannel } from "./desk.ts";
import { channels } from "./desk.ts";
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

test("a topic is subscribed to once the connection is open, before what waits for it", () => {
    const hub = connected();
    const room = hub.subscribe.room({ room: 5 });
    room.send("say", { text: "hi" });
    assert.equal(room.topic, "room:5");
    Socket.last.opens();
    assert.deepEqual(actions(), [
        ["subscribe", "room:5"],
        ["say", "room:5"],
    ]);
    assert.equal(room.status.state, "connecting");

    const { ref, topic } = Socket.last.sent[0] ?? {};
    Socket.last.says({ action: "subscribed", payload: null, version: 1, ref, topic });
    assert.equal(room.status.state, "open");
});

test("a topic hears what is its own, and the connection the rest", () => {
    const hub = opened();
    const [five, six] = [hub.subscribe.room({ room: 5 }), hub.subscribe.room({ room: 6 })];
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
    const room = opened().subscribe.room({ room: 5 });
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
    assert.deepEqual(why(room.status), { code: 1000, reason: "unauthorized", detail: "members only" });
    assert.equal(room.send("say", { text: "hi" }), false);
    assert.equal(hub.status.state, "open");
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
    assert.deepEqual(actions(), []);
});

test("topics are subscribed to again when the connection is back", () => {
    const hub = opened();
    const room = hub.subscribe.room({ room: 5 });
    Socket.last.answers("subscribed");
    const states: string[] = [];
    room.onStatus(({ state }) => states.push(state));
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
    assert.deepEqual(actions(), [["subscribe", "room:5"]]);
    Socket.last.answers("subscribed");
    assert.deepEqual(states, ["waiting", "connecting", "open"]);
});

test("a subscription that the server ends is over", async () => {
    const hub = opened();
    const room = hub.subscribe.room({ room: 5 });
    Socket.last.answers("subscribed");
    const next = room[Symbol.asyncIterator]().next();
    Socket.last.says({ action: "unsubscribed", payload: { reason: "archived", detail: "gone" }, topic: "room:5" });
    await next;
    assert.deepEqual(why(room.status), { code: 1000, reason: "archived", detail: "gone" });
    Socket.last.ends(1006);
    tick(500);
    Socket.last.opens();
    assert.deepEqual(actions(), []);
});

test("unsubscribing is told to the server, and to nobody else", () => {
    const told: unknown[] = [];
    const hub = opened({ onError: (error) => told.push(error) });
    const room = hub.subscribe.room({ room: 5 });
    Socket.last.answers("subscribed");
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
    const [one, other] = [hub.subscribe.room({ room: 5 }), hub.subscribe.room({ room: 5 })];
    for (const { ref, topic } of [...Socket.last.sent]) Socket.last.says({ action: "subscribed", payload: null, ref, topic });
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
