export class Conversation {
    #wire;
    #topic;
    #status;
    #listeners = new Map();
    #inboxes = new Set();
    constructor(wire, status, own, topic) {
        this.#wire = wire;
        this.#status = status;
        this.#topic = topic;
        own.hear = (frame) => this.#hear(frame);
        this.#status.watch(({ state }) => {
            if (state !== "closed")
                return;
            for (const inbox of this.#inboxes)
                inbox.end();
            this.#inboxes.clear();
        });
    }
    get status() {
        return this.#status.value;
    }
    onStatus = (watcher) => this.#status.watch(watcher);
    settled() {
        return new Promise((resolve) => {
            const settle = (status) => {
                if (status.state !== "open" && status.state !== "closed")
                    return;
                off();
                resolve(status);
            };
            const off = this.#status.watch(settle);
            settle(this.status);
        });
    }
    on(action, listener) {
        const listeners = this.#listeners.get(action) ?? new Set();
        this.#listeners.set(action, listeners);
        const own = (payload, message) => listener(payload, message);
        listeners.add(own);
        return () => listeners.delete(own);
    }
    send(action, ...rest) {
        const text = this.#text(action, rest[0]);
        return this.status.state !== "closed" && this.#wire.write({ text, sent: false });
    }
    request(action, ...rest) {
        const [payload, options] = rest;
        let resolve;
        const answered = new Promise((settle) => (resolve = settle));
        const done = this.#ask(action, payload, options ?? {}, (what) => {
            done();
            resolve(answer(what));
        });
        return answered;
    }
    stream(action, ...rest) {
        const [payload, options] = rest;
        const leave = (ref) => {
            if (ref === undefined)
                return;
            this.#wire.write({ text: this.#text("complete", null, ref), sent: false });
            this.#wire.ignore(ref);
        };
        const limit = this.#wire.options.inbox ?? 10_000;
        const inbox = new Inbox(limit, () => leave(done()));
        const done = this.#ask(action, payload, options ?? {}, (what) => {
            const complete = "action" in what && what.action === "complete";
            const last = complete || "kind" in what || what.action === "error";
            const ref = last ? done() : undefined;
            if ("kind" in what && what.kind !== "cut_off")
                leave(ref);
            if (!complete)
                inbox.push(answer(what));
            if (last)
                inbox.end();
        });
        return inbox;
    }
    [Symbol.asyncIterator]() {
        const inbox = new Inbox(this.#wire.options.inbox ?? 10_000, () => this.#inboxes.delete(inbox));
        if (this.status.state === "closed")
            inbox.end();
        else
            this.#inboxes.add(inbox);
        return inbox;
    }
    #hear(frame) {
        const message = frame;
        const listeners = [...(this.#listeners.get(message.action) ?? [])];
        for (const listener of listeners) {
            guarded(listener, this.#wire.told, message.payload, message);
        }
        for (const inbox of this.#inboxes)
            inbox.push(message);
        return listeners.length + this.#inboxes.size > 0;
    }
    #text(action, payload, ref) {
        return JSON.stringify({ action, payload: payload ?? null, ref, topic: this.#topic });
    }
    #ask(action, payload, { timeout = this.#wire.options.timeout ?? 10_000, signal }, take) {
        const ref = this.#wire.ref();
        let timer;
        let over = false;
        const entry = {
            text: this.#text(action, payload, ref),
            ref,
            sent: false,
            answered: (frame) => {
                host.clearTimeout(timer);
                take(frame);
            },
            ended: (why) => take({ kind: "cut_off", sent: entry.sent, why }),
        };
        const aborted = () => take({ kind: "aborted", sent: entry.sent, reason: signal?.reason });
        const done = () => {
            if (over)
                return undefined;
            over = true;
            host.clearTimeout(timer);
            signal?.removeEventListener("abort", aborted);
            this.#wire.forget(entry);
            return entry.sent ? ref : undefined;
        };
        if (signal?.aborted)
            later(aborted);
        else if (this.status.state === "closed")
            later(() => entry.ended?.(this.status.why));
        else if (!this.#wire.write(entry))
            later(() => take({ kind: "no_room", sent: false }));
        else {
            signal?.addEventListener("abort", aborted);
            const late = () => take({ kind: "timeout", sent: entry.sent });
            if (timeout > 0)
                timer = host.setTimeout(late, timeout);
        }
        return done;
    }
}
function answer(what) {
    if ("kind" in what)
        return { ok: false, error: what };
    if (what.action !== "error")
        return { ok: true, ...what };
    const { payload } = what;
    const error = Array.isArray(payload) ? { kind: "invalid", violations: payload } : { kind: "refused", ...payload };
    return { ok: false, error };
}
export class ChannelConnection extends Conversation {
    #wire;
    subscribe;
    constructor(about, address, options) {
        const wire = new Wire(about, address, options);
        super(wire, wire.status, wire);
        this.#wire = wire;
        const topics = Object.entries(about.topics ?? {}).map(([name, pattern]) => {
            return [name, (parameters) => new TopicSubscription(wire, filled(pattern, parameters, topicPart))];
        });
        this.subscribe = Object.fromEntries(topics);
    }
    close(code = 1000, reason = "") {
        this.#wire.close(code, reason);
    }
    open() {
        if (this.status.state === "closed")
            this.#wire.open();
    }
}
function connect(about, base, path, options, own) {
    const { query = {}, ...all } = { ...options, ...own };
    return new ChannelConnection(about, address(base, filled(about.path, path, pathPart), query), all);
}
export class TopicSubscription extends Conversation {
    topic;
    #wire;
    #status;
    #own;
    constructor(connection, topic) {
        const wire = connection;
        const status = new Watched({ state: "connecting", attempt: 0 }, wire.told);
        const heard = { hear: (_) => false };
        super(wire, status, heard, topic);
        this.topic = topic;
        this.#wire = wire;
        this.#status = status;
        this.#own = {
            subscribe: () => this.#subscribe(),
            hear: (frame) => {
                const told = heard.hear(frame);
                if (frame.action === "unsubscribed")
                    this.#leave(frame.payload);
                return told;
            },
            lost: (why) => status.set({ state: "waiting", attempt: 0, delay: 0, why }),
            over: (why) => status.set({ state: "closed", why, unsent: 0 }),
        };
        const { value } = wire.status;
        if (value.state === "closed") {
            this.#own.over(value.why);
            return;
        }
        wire.topics.set(topic, (wire.topics.get(topic) ?? new Set()).add(this.#own));
        if (value.state === "open")
            this.#subscribe();
        else if (value.state === "waiting")
            this.#own.lost(value.why);
    }
    unsubscribe() {
        if (this.#status.value.state === "closed")
            return;
        const last = this.#wire.topics.get(this.topic)?.size === 1;
        this.#leave({ reason: "unsubscribed", detail: "" });
        if (last && this.#wire.status.value.state === "open")
            this.#tell("unsubscribe", () => undefined);
    }
    #subscribe() {
        if (this.#status.value.state !== "connecting")
            this.#status.set({ state: "connecting", attempt: 0 });
        this.#tell("subscribe", ({ action, payload }) => {
            if (this.#status.value.state !== "connecting")
                return;
            if (action === "subscribed")
                this.#status.set({ state: "open" });
            else
                this.#leave(payload);
        });
    }
    #tell(action, answered) {
        const ref = this.#wire.ref();
        const text = JSON.stringify({ action, payload: null, ref, topic: this.topic });
        const forget = () => this.#wire.forget(entry);
        const take = (frame) => {
            forget();
            answered(frame);
        };
        const entry = { text, ref, sent: false, answered: take, ended: forget };
        this.#wire.write(entry, true);
    }
    #leave(why) {
        const all = this.#wire.topics.get(this.topic);
        all?.delete(this.#own);
        if (!all?.size)
            this.#wire.topics.delete(this.topic);
        const { reason = "refused", detail = "" } = Array.isArray(why) ? { detail: why[0]?.msg ?? "" } : (why ?? {});
        this.#own.over({ code: 1000, reason, detail });
    }
}
export class ServerError extends Error {
    name = "ServerError";
    frame;
    constructor(frame) {
        const { payload } = frame;
        const told = ({ loc, msg }) => (loc.length ? `${loc.join(".")}: ${msg}` : msg);
        super(Array.isArray(payload) ? payload.map(told).join("; ") : payload.detail);
        this.frame = frame;
    }
}
export function comeBack(code) {
    if (code === 4401)
        return "once";
    if (code === 1008)
        return "slower";
    if ([1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 4408, 4425, 4429].includes(code))
        return "yes";
    return code >= 4500 && code < 4600 ? "yes" : "no";
}
const BUFFERED = 1024 * 1024;
const STEADY = 10_000;
const PONG_WITHIN = 10_000;
class Wire {
    status;
    hear = () => false;
    topics = new Map();
    options;
    #about;
    #address;
    #turn = 0;
    #socket;
    #timer;
    #pulse;
    #drain;
    #queue = [];
    #asked = new Map();
    #refs = 0;
    #attempt = 0;
    #opened = 0;
    #heardAt = 0;
    #admitted = false;
    #pinging = false;
    #unauthorized = 0;
    #refusal;
    #held = false;
    constructor(about, address, options) {
        this.#about = about;
        this.#address = address;
        this.options = options;
        this.status = new Watched({ state: "connecting", attempt: 0 }, this.told);
        this.open();
    }
    told = (error) => {
        const told = this.options.onError ?? host.reportError ?? host.console.error;
        try {
            told.call(host, error);
        }
        catch {
        }
    };
    open() {
        this.#attempt = this.#unauthorized = 0;
        host.addEventListener?.("online", this.#awake);
        host.document?.addEventListener("visibilitychange", this.#awake);
        void this.#connect();
    }
    close(code, reason) {
        if (this.status.value.state === "closed")
            return;
        const socket = this.#socket;
        this.#over({ code, reason });
        try {
            socket?.close(code, reason);
        }
        catch (error) {
            socket?.close();
            this.told(error);
        }
    }
    write(entry, first = false) {
        const ready = this.#admitted && (first || (!this.#queue.length && this.#roomy()));
        if (ready) {
            this.#put(entry);
            return true;
        }
        if (this.status.value.state === "closed" || this.#queue.length >= (this.options.queue ?? 100))
            return false;
        this.#queue.push(entry);
        if (this.#admitted)
            this.#flush();
        return true;
    }
    ref() {
        this.#refs += 1;
        return String(this.#refs);
    }
    forget(entry) {
        this.#asked.delete(entry.ref ?? "");
        const at = this.#queue.indexOf(entry);
        if (at >= 0)
            this.#queue.splice(at, 1);
    }
    ignore(ref) {
        const answered = ({ action }) => {
            if (action === "complete" || action === "error")
                this.#asked.delete(ref);
        };
        this.#asked.set(ref, { text: "", sent: true, answered });
    }
    #roomy() {
        return this.#socket?.readyState === 1 && this.#socket.bufferedAmount < BUFFERED;
    }
    #put(entry) {
        this.#socket?.send(entry.text);
        entry.sent = true;
        if (entry.ref !== undefined && entry.answered)
            this.#asked.set(entry.ref, entry);
    }
    #flush() {
        host.clearTimeout(this.#drain);
        while (this.#queue.length && this.#roomy())
            this.#put(this.#queue.shift());
        if (this.#queue.length)
            this.#drain = host.setTimeout(() => this.#flush(), 50);
    }
    async #connect() {
        const turn = (this.#turn += 1);
        this.#held = false;
        this.status.set({ state: "connecting", attempt: this.#attempt });
        if (turn !== this.#turn)
            return;
        const late = { code: 1006, reason: "timeout", detail: "opening took too long" };
        this.#timer = host.setTimeout(() => this.#lost(late), this.options.connectTimeout ?? 15_000);
        let token;
        try {
            const { token: source } = this.options;
            if (this.#about.bearer)
                token = typeof source === "function" ? await source() : source;
        }
        catch (error) {
            const why = { code: 1006, reason: "token", detail: "there is no token", error };
            if (turn === this.#turn)
                this.#lost(why);
            return;
        }
        if (turn !== this.#turn)
            return;
        try {
            this.#socket = this.#make(token);
        }
        catch (error) {
            this.#over({ code: 1006, reason: "address", detail: String(error), error });
        }
    }
    #make(token) {
        const url = new host.URL(this.#address);
        const protocols = [...(this.options.protocols ?? [])];
        if (token !== undefined) {
            const { bearerQuery } = this.#about;
            if (/^[\w!#$%&'*+.^`|~-]+$/.test(token))
                protocols.push("bearer", token);
            else if (bearerQuery)
                url.search += `${url.search ? "&" : ""}${encoded(bearerQuery)}=${encoded(token)}`;
            else
                throw new TypeError("the token has letters that no subprotocol may have");
        }
        const socket = new host.WebSocket(url.href, protocols);
        socket.onopen = () => this.#begin();
        socket.onmessage = ({ data }) => this.#read(data);
        socket.onclose = ({ code, reason }) => this.#lost({ code: code || 1006, reason, ...this.#refusal });
        const failed = { code: 1006, reason: "unreachable", detail: "the connection could not be opened" };
        socket.onerror = () => this.#opened === 0 && this.#socket === socket && this.#lost(failed);
        return socket;
    }
    #begin() {
        this.#opened = this.#heardAt = Date.now();
        if (this.#about.authentication && this.#about.ping)
            this.#ping();
        else
            this.#admit();
    }
    #admit() {
        host.clearTimeout(this.#timer);
        this.#admitted = true;
        const heartbeat = this.options.heartbeat ?? 25_000;
        if (this.#about.ping && heartbeat > 0)
            this.#beat(heartbeat);
        for (const subscribed of this.topics.values())
            for (const one of subscribed)
                one.subscribe();
        this.#flush();
        this.status.set({ state: "open" });
    }
    #beat(every) {
        const silent = Date.now() - this.#heardAt;
        if (silent >= every)
            this.#ping();
        this.#pulse = host.setTimeout(() => this.#beat(every), Math.max(every - silent, 0) || every);
    }
    #ping() {
        if (this.#pinging)
            return;
        this.#pinging = true;
        const asked = Date.now();
        const silent = () => {
            this.#pinging = false;
            this.forget(ping);
            const why = { code: 1006, reason: "silent", detail: "a ping was not answered" };
            if (this.#heardAt < asked || !this.#admitted)
                this.#lost(why);
        };
        const deadline = host.setTimeout(silent, PONG_WITHIN);
        const done = () => {
            host.clearTimeout(deadline);
            this.#pinging = false;
            this.forget(ping);
        };
        const ref = this.ref();
        const text = JSON.stringify({ action: "ping", payload: null, ref });
        const ping = { text, ref, sent: false, answered: done, ended: done };
        this.#put(ping);
    }
    #read(data) {
        this.#heardAt = Date.now();
        const frame = this.#parsed(data);
        if (!frame)
            return;
        if (frame.action === "authentication") {
            const { status_code: status = 0, data } = (frame.payload ?? {});
            if (status >= 400)
                this.#refusal = { status, detail: data?.detail ?? "" };
        }
        if (!this.#refusal && !this.#admitted)
            this.#admit();
        const asked = this.#asked.get(frame.ref ?? "");
        if (asked) {
            asked.answered?.(frame);
            return;
        }
        const subscribed = this.topics.get(frame.topic ?? "");
        let heard = false;
        if (subscribed)
            for (const one of [...subscribed])
                heard = one.hear(frame) || heard;
        else if (frame.topic === undefined || !this.#about.topics)
            heard = this.hear(frame);
        else
            return;
        if (!heard && frame.action === "error")
            this.told(new ServerError(frame));
    }
    #parsed(data) {
        try {
            const frame = JSON.parse(data);
            if (typeof frame?.action === "string")
                return frame;
        }
        catch {
        }
        this.told(new TypeError(`the server has sent what is no message: ${String(data).slice(0, 100)}`));
        return undefined;
    }
    #lost(why) {
        const stood = this.#opened > 0 && Date.now() - this.#opened >= STEADY;
        const socket = this.#socket;
        const turn = this.#turn + 1;
        this.#drop(why);
        socket?.close();
        if (stood)
            this.#attempt = this.#unauthorized = 0;
        const comesBack = this.#comesBack(why);
        if (turn !== this.#turn)
            return;
        if (!comesBack) {
            this.#over(why);
            return;
        }
        const { minDelay = 500, maxDelay = 30_000 } = this.options;
        const slower = comeBack(why.code) === "slower";
        const bound = Math.min(minDelay * 2 ** this.#attempt, maxDelay);
        const delay = slower ? maxDelay * (0.5 + Math.random() / 2) : bound * Math.random();
        this.#attempt += 1;
        this.#timer = host.setTimeout(() => this.#again(), delay);
        this.status.set({ state: "waiting", attempt: this.#attempt, delay, why });
    }
    #comesBack(why) {
        if (this.#attempt >= (this.options.attempts ?? Infinity))
            return false;
        let decided;
        guarded(() => (decided = this.options.retry?.(why)), this.told);
        if (decided !== undefined)
            return decided;
        const advice = comeBack(why.code);
        if (advice !== "once")
            return advice !== "no";
        this.#unauthorized += 1;
        return this.#unauthorized < 2 && typeof this.options.token === "function";
    }
    #again() {
        const { document, navigator } = host;
        const unseen = document?.visibilityState === "hidden" && !this.options.hidden;
        if (unseen || navigator?.onLine === false)
            this.#held = true;
        else
            void this.#connect();
    }
    #awake = () => {
        if (this.#held && this.status.value.state === "waiting") {
            this.#held = false;
            this.#timer = host.setTimeout(() => this.#again(), (this.options.minDelay ?? 500) * Math.random());
        }
        else if (this.#admitted && this.#about.ping && host.document?.visibilityState !== "hidden") {
            this.#ping();
        }
    };
    #drop(why) {
        for (const timer of [this.#timer, this.#pulse, this.#drain])
            host.clearTimeout(timer);
        const socket = this.#socket;
        if (socket)
            socket.onopen = socket.onmessage = socket.onclose = null;
        this.#socket = this.#refusal = undefined;
        this.#admitted = false;
        this.#turn += 1;
        this.#opened = 0;
        const asked = [...this.#asked.values()];
        this.#asked.clear();
        for (const entry of asked)
            entry.ended?.(why);
        for (const subscribed of this.topics.values())
            for (const one of subscribed)
                one.lost(why);
    }
    #over(why) {
        const subscribed = [...this.topics.values()];
        this.topics.clear();
        this.#drop(why);
        host.removeEventListener?.("online", this.#awake);
        host.document?.removeEventListener("visibilitychange", this.#awake);
        const unsent = this.#queue.splice(0);
        for (const entry of unsent)
            entry.ended?.(why);
        this.status.set({ state: "closed", why, unsent: unsent.length });
        for (const all of subscribed)
            for (const one of all)
                one.over(why);
    }
}
class Inbox {
    #items = [];
    #takers = [];
    #over = false;
    #error;
    #limit;
    #left;
    constructor(limit, left) {
        this.#limit = limit;
        this.#left = left;
    }
    push(value) {
        if (this.#over)
            return;
        const taker = this.#takers.shift();
        if (taker)
            taker.resolve({ value, done: false });
        else if (this.#items.length < this.#limit)
            this.#items.push(value);
        else {
            this.#error = new RangeError(`more than ${this.#limit} messages wait for a loop that is too slow`);
            this.end();
            this.#left();
        }
    }
    end() {
        this.#over = true;
        for (const taker of this.#takers.splice(0))
            taker.resolve({ value: undefined, done: true });
    }
    next() {
        if (this.#items.length)
            return Promise.resolve({ value: this.#items.shift(), done: false });
        if (this.#error) {
            const error = this.#error;
            this.#error = undefined;
            return Promise.reject(error);
        }
        if (this.#over)
            return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
    }
    return() {
        this.#items = [];
        this.#error = undefined;
        if (!this.#over)
            this.#left();
        this.end();
        return Promise.resolve({ value: undefined, done: true });
    }
    [Symbol.asyncIterator]() {
        return this;
    }
}
class Watched {
    #watchers = new Set();
    value;
    #told;
    constructor(value, told) {
        this.value = value;
        this.#told = told;
    }
    set(value) {
        this.value = value;
        for (const watcher of [...this.#watchers])
            guarded(watcher, this.#told, value);
    }
    watch = (watcher) => {
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
    };
}
function guarded(run, told, ...args) {
    try {
        const result = run(...args);
        if (typeof result?.then === "function")
            Promise.resolve(result).catch(told);
    }
    catch (error) {
        told(error);
    }
}
function later(run) {
    void Promise.resolve().then(run);
}
function filled(pattern, parameters, part) {
    return pattern.replace(/\{\{|\}\}|\{(\*?)([^}]*)\}/g, (whole, rest, name) => {
        if (whole === "{{" || whole === "}}")
            return encoded(whole.slice(1));
        return part(String(parameters[name]), rest === "*");
    });
}
function topicPart(value) {
    if (!value || value.includes(":"))
        throw new TypeError(`"${value}" cannot be a part of a topic`);
    return value;
}
function pathPart(value, rest) {
    const segments = rest ? value.split("/") : [value];
    if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
        throw new TypeError(`"${value}" cannot be a part of a path`);
    }
    return segments.map(encoded).join("/");
}
const encoded = encodeURIComponent;
function address(base, path, query) {
    const server = base === undefined ? host.location?.origin : typeof base === "string" ? base : base.href;
    if (server === undefined)
        throw new TypeError("outside of a page, the server has to be named");
    const url = new host.URL(server);
    url.protocol = url.protocol.replace("http", "ws");
    url.pathname = url.pathname.replace(/\/$/, "") + path;
    url.hash = "";
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
    url.search = given.map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`).join("&");
    return url.href;
}
const host = globalThis;
