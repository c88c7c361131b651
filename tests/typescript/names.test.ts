// Names that mean something to JavaScript, of channels, actions, parameters and topics.

import assert from "node:assert/strict";
import { test } from "node:test";

import { channels, type AnnexChannel, type Größe, type MessageOf, type 大小 } from "./client.ts";
import { Socket } from "./fake.ts";

const app = channels("wss://annex.example");

test("what has the channels can be awaited, and is made of them alone", async () => {
    assert.equal(await app, app);
    assert.equal(Object.getPrototypeOf(app), Object.prototype);
    const hub = app.topics();
    assert.equal(await hub.subscribe, hub.subscribe);
    assert.equal(Object.getPrototypeOf(hub.subscribe), Object.prototype);
    assert.equal(await hub, hub);
});

test("channels of all names connect", () => {
    const paths = [
        app.nothing(),
        app.class(),
        app.constructor(),
        app.proto(),
        app.then2(),
        app.toString(),
        app.status(),
        app.größe(),
        app.hearsOnly(),
        app.saysOnly(),
    ].map((connection) => (connection.close(), new URL(Socket.all.shift()?.url ?? "").pathname));
    assert.deepEqual(paths, [
        "/nothing",
        "/class",
        "/constructor",
        "/__proto__",
        "/then",
        "/to-string",
        "/status",
        "/gr%C3%B6%C3%9Fe",
        "/hears",
        "/says",
    ]);
});

test("addresses are made of parameters of all names, and lists", () => {
    const path = { class: 5, then: "two words", constructor: "a/b" } as const;
    app.addressed(path, { query: { needed: "a&b", class: ["x", "y=z"], hasDefault: true } });
    assert.equal(Socket.last.url, "wss://annex.example/addressed/5/two%20words/a/b?needed=a%26b&class=x&class=y%3Dz&hasDefault=true");
    // @ts-expect-error: the query has a part that is needed
    app.addressed(path);
    // @ts-expect-error: a list is one of texts
    app.addressed(path, { query: { needed: "a", class: [5] } });
    // @ts-expect-error: there is no such suit
    app.addressed({ ...path, then: "Clubs" }, { query: { needed: "a" } });
});

test("actions of all names are sent, asked and heard", async () => {
    const annex = app.annex();
    Socket.last.opens();
    const heard: string[] = [];
    const actions = ["class", "__proto__", "then", "toString", "send", "with.dots and spaces-dashes/slashes", "größe 大", "9"] as const;
    for (const action of actions) {
        annex.on(action, (nothing, message) => heard.push(`${message.action} ${nothing}`));
        Socket.last.says({ action, payload: null });
        const asked = annex.request(action);
        assert.deepEqual(Socket.last.sent.at(-1)?.action, action);
        Socket.last.answers(action);
        const answer = await asked;
        assert.ok(answer.ok && answer.action === action);
    }
    assert.deepEqual(heard, actions.map((action) => `${action} null`));
    // Nobody listens to what every object has.
    Socket.last.says({ action: "hasOwnProperty", payload: null });
    annex.send("it costs ${0} `\\` */", { "${a}": 1, "\\": 2, "`": 3, "a\nb": 4, documented: 5 });
    // @ts-expect-error: nobody knows this
    annex.send("valueOf");
    annex.close();
});

test("topics of all names are subscribed to", () => {
    const hub = app.topics();
    Socket.last.opens();
    hub.subscribe.then2({ class: 5 });
    hub.subscribe.proto({ a: 1, b: "x" });
    hub.subscribe.constructor({});
    assert.deepEqual(
        Socket.last.sent.map(({ topic }) => topic),
        ["then:5", "__proto__:1:x", "constructor"],
    );
    hub.close();
});

test("a channel that has no messages has no type of any", () => {
    const says = app.saysOnly();
    says.on("größe 大", () => {});
    // @ts-expect-error: it hears nothing
    says.send("größe 大");
    const hears = app.hearsOnly();
    hears.send("ping");
    // @ts-expect-error: it answers nothing
    void hears.request("ping");
    says.close();
    hears.close();
});

test("types keep their letters", () => {
    const names: Pick<MessageOf<AnnexChannel, "constructor">["payload"], "größe" | "大小"> = {
        größe: { länge: 5 } satisfies Größe,
        大小: { 长: 5 } satisfies 大小,
    };
    assert.equal(names.größe.länge, 5);
});
