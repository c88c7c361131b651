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
        return this.status.state !== "closed" && this.#wire.outbox.write({ text, topic: this.#topic, owner: this, sent: false });
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
            const text = this.#text("complete", null, ref);
            this.#wire.outbox.write({ text, topic: this.#topic, own: true, sent: false });
            this.#wire.outbox.ignore(ref);
        };
        const limit = this.#wire.options.inbox ?? 10_000;
        const inbox = new LoopInbox(limit, () => leave(done()));
        const done = this.#ask(action, payload, options ?? {}, (what) => {
            const complete = "action" in what && what.action === "complete";
            const last = complete || "kind" in what || what.action === "error";
            const ref = last ? done() : undefined;
            if ("kind" in what && (what.kind !== "cut_off" || what.why.reason === "unsubscribed"))
                leave(ref);
            if (!complete)
                inbox.push(answer(what));
            if (last)
                inbox.end();
        });
        return inbox;
    }
    [Symbol.asyncIterator]() {
        const inbox = new LoopInbox(this.#wire.options.inbox ?? 10_000, () => this.#inboxes.delete(inbox));
        if (this.status.state === "closed")
            inbox.end();
        else
            this.#inboxes.add(inbox);
        return inbox;
    }
    #hear(frame) {
        if (frame.action === "subscribed" || frame.action === "unsubscribed")
            return true;
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
        const ref = this.#wire.outbox.ref();
        let timer;
        let over = false;
        const entry = {
            text: this.#text(action, payload, ref),
            ref,
            topic: this.#topic,
            owner: this,
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
            this.#wire.outbox.forget(entry);
            return entry.sent ? ref : undefined;
        };
        if (signal?.aborted)
            later(aborted);
        else if (this.status.state === "closed")
            later(() => entry.ended?.(this.status.why));
        else if (!this.#wire.outbox.write(entry))
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
    #leave;
    constructor(connection, name) {
        const wire = connection;
        const topic = wire.topics.get(name) ?? new TopicWire(wire, name);
        const status = new Watched(topic.status.value, wire.told);
        const hearer = { hear: () => false };
        super(wire, status, hearer, name);
        this.topic = name;
        topic.hearers.add(hearer);
        const off = topic.status.watch((now) => status.set(now));
        this.#leave = () => {
            off();
            topic.hearers.delete(hearer);
            const why = { code: 1000, reason: "unsubscribed", detail: "", topic: name };
            const dropped = wire.outbox.drop(({ owner }) => owner === this, why);
            if (!topic.hearers.size)
                topic.left();
            status.set({ state: "closed", why, unsent: dropped.length });
        };
    }
    unsubscribe() {
        if (this.status.state !== "closed")
            this.#leave();
    }
}
export class ServerError extends Error {
    name = "ServerError";
    frame;
    constructor(frame) {
        const { payload } = frame;
        const told = ({ loc, msg }) => (loc.length ? `${loc.join(".")}: ${msg}` : msg);
        const detail = Array.isArray(payload) ? payload.map(told).join("; ") : payload?.detail;
        super(detail ?? JSON.stringify(payload));
        this.frame = frame;
    }
}
export function comeBack(after) {
    if (typeof after === "string") {
        if (after === "rate_limited")
            return "slower";
        return ["too_slow", "failed", ""].includes(after) ? "yes" : "no";
    }
    if (after === 4401)
        return "once";
    if (after === 1008)
        return "slower";
    if ([1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 4408, 4425, 4429].includes(after))
        return "yes";
    return after >= 4500 && after < 4600 ? "yes" : "no";
}
const STEADY = 10_000;
class Patience {
    attempt = 0;
    #unauthorized = 0;
    #stands;
    #options;
    #told;
    constructor(options, told) {
        this.#options = options;
        this.#told = told;
    }
    stands() {
        this.#stands = Date.now();
    }
    reset() {
        this.attempt = this.#unauthorized = 0;
    }
    ended(why) {
        const { minDelay = 500, maxDelay = 30_000, attempts = Infinity } = this.#options;
        if (this.#stands !== undefined && Date.now() - this.#stands >= STEADY)
            this.reset();
        this.#stands = undefined;
        if (this.attempt >= attempts || !this.#comesBack(why))
            return undefined;
        const slower = advice(why) === "slower";
        const bound = Math.min(minDelay * 2 ** this.attempt, maxDelay);
        this.attempt += 1;
        return slower ? maxDelay * (0.5 + Math.random() / 2) : bound * Math.random();
    }
    #comesBack(why) {
        let decided;
        guarded(() => (decided = this.#options.retry?.(why)), this.#told);
        if (decided !== undefined)
            return decided;
        if (advice(why) !== "once")
            return advice(why) !== "no";
        this.#unauthorized += 1;
        return this.#unauthorized < 2 && typeof this.#options.token === "function";
    }
}
function advice({ topic, reason, code }) {
    return comeBack(topic === undefined ? code : reason);
}
class Wire {
    status;
    hear = () => false;
    topics = new Map();
    options;
    outbox;
    admitted = false;
    #about;
    #address;
    #patience;
    #pulse;
    #turn = 0;
    #socket;
    #timer;
    #wasOpened = false;
    #refusal;
    #held = false;
    constructor(about, address, options) {
        this.#about = about;
        this.#address = address;
        this.options = options;
        this.status = new Watched({ state: "connecting", attempt: 0 }, this.told);
        this.outbox = new WireOutbox(options.queue ?? 100);
        this.#patience = new Patience(options, this.told);
        const silent = { code: 1006, reason: "silent", detail: "a ping was not answered" };
        this.#pulse = new WirePulse(this.outbox, () => this.#lost(silent));
        this.open();
    }
    told = (error) => {
        const reported = host.document && host.reportError;
        const told = this.options.onError ?? reported ?? host.console.error;
        guarded(() => told.call(host, error), () => undefined);
    };
    open() {
        this.#patience.reset();
        this.outbox.closed = false;
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
    async #connect() {
        const turn = (this.#turn += 1);
        this.#held = false;
        this.status.set({ state: "connecting", attempt: this.#patience.attempt });
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
        socket.onopen = () => this.#begin(socket);
        socket.onmessage = ({ data }) => this.#read(data);
        socket.onclose = ({ code, reason }) => this.#lost({ code: code || 1006, reason, ...this.#refusal });
        const failed = { code: 1006, reason: "unreachable", detail: "the connection could not be opened" };
        socket.onerror = () => !this.#wasOpened && this.#socket === socket && this.#lost(failed);
        return socket;
    }
    #begin(socket) {
        const { authentication = false, ping = false } = this.#about;
        this.#wasOpened = true;
        this.#patience.stands();
        this.#pulse.heard();
        this.outbox.opened(socket, authentication);
        if (authentication && ping)
            this.#pulse.ping();
        else
            this.#admit();
    }
    #admit() {
        host.clearTimeout(this.#timer);
        this.admitted = true;
        const heartbeat = this.options.heartbeat ?? 25_000;
        if (this.#about.ping && heartbeat > 0)
            this.#pulse.start(heartbeat);
        for (const topic of [...this.topics.values()])
            topic.subscribe();
        if (!this.admitted)
            return;
        this.outbox.flush();
        this.status.set({ state: "open" });
    }
    #read(data) {
        this.#pulse.heard();
        const frame = this.#parsed(data);
        if (!frame)
            return;
        if (frame.action === "authentication") {
            const { status_code: status = 0, data } = (frame.payload ?? {});
            if (status >= 400)
                this.#refusal = { status, detail: data?.detail ?? "" };
        }
        if (!this.#refusal) {
            this.outbox.trust();
            if (!this.admitted)
                this.#admit();
        }
        if (this.outbox.answered(frame))
            return;
        const { topic, action, ref } = frame;
        const of = topic === undefined || !this.#about.topics ? this : this.topics.get(topic);
        const heard = of ? of.hear(frame) : ref !== undefined;
        if (!heard && action === "error")
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
        const socket = this.#socket;
        const turn = this.#turn + 1;
        this.#drop(why);
        socket?.close();
        const delay = this.#patience.ended(why);
        if (turn !== this.#turn)
            return;
        if (delay === undefined) {
            this.#over(why);
            return;
        }
        this.#timer = host.setTimeout(() => this.#again(), delay);
        this.status.set({ state: "waiting", attempt: this.#patience.attempt, delay, why });
    }
    #again() {
        const { document, navigator } = host;
        const unseen = document?.visibilityState === "hidden" && !this.options.hidden;
        const away = navigator?.onLine === false && !/^wss?:..(localhost|127\.|\[::1\])/.test(this.#address);
        if (unseen || away)
            this.#held = true;
        else
            void this.#connect();
    }
    #awake = () => {
        if (this.#held && this.status.value.state === "waiting") {
            this.#held = false;
            this.#timer = host.setTimeout(() => this.#again(), (this.options.minDelay ?? 500) * Math.random());
        }
        else if (this.admitted && this.#about.ping && host.document?.visibilityState !== "hidden") {
            this.#pulse.ping();
        }
    };
    #drop(why) {
        const socket = this.#socket;
        const refused = this.#refusal !== undefined;
        if (socket)
            socket.onopen = socket.onmessage = socket.onclose = null;
        host.clearTimeout(this.#timer);
        this.#pulse.stop();
        this.#socket = this.#refusal = undefined;
        this.admitted = this.#wasOpened = false;
        this.#turn += 1;
        this.outbox.lost(why, refused);
        for (const topic of [...this.topics.values()]) {
            if (this.topics.get(topic.name) === topic)
                topic.lost(why);
        }
    }
    #over(why) {
        const topics = [...this.topics.values()];
        this.topics.clear();
        this.#drop(why);
        host.removeEventListener?.("online", this.#awake);
        host.document?.removeEventListener("visibilitychange", this.#awake);
        const dropped = this.outbox.drop(() => true, why);
        this.outbox.closed = true;
        this.status.set({ state: "closed", why, unsent: dropped.length });
        for (const topic of topics)
            topic.over(why, dropped);
    }
}
class TopicWire {
    name;
    status;
    hearers = new Set();
    #wire;
    #patience;
    #timer;
    #asked = false;
    constructor(wire, name) {
        this.name = name;
        this.#wire = wire;
        this.#patience = new Patience(wire.options, wire.told);
        const { value } = wire.status;
        const over = value.state === "closed" && { ...value, unsent: 0 };
        const waits = value.state === "waiting" && value;
        this.status = new Watched(over || waits || { state: "connecting", attempt: 0 }, wire.told);
        if (over)
            return;
        wire.topics.set(name, this);
        wire.outbox.held.add(name);
        if (wire.admitted)
            this.#ask();
    }
    subscribe() {
        const { attempt } = this.#patience;
        if (this.status.value.state !== "connecting")
            this.status.set({ state: "connecting", attempt });
        if (this.#isCurrent() && this.#wire.admitted)
            this.#ask();
    }
    #ask() {
        this.#asked = true;
        this.#wire.outbox.ask("subscribe", this.name, ({ action, payload }) => {
            if (!this.#isCurrent() || this.status.value.state !== "connecting")
                return;
            if (action === "subscribed")
                this.#stands();
            else
                this.#ended(payload);
        });
    }
    #stands() {
        this.#patience.stands();
        this.#wire.outbox.held.delete(this.name);
        this.#wire.outbox.flush();
        this.status.set({ state: "open" });
    }
    hear(frame) {
        if (this.status.value.state !== "open")
            return frame.ref !== undefined;
        let heard = false;
        for (const hearer of [...this.hearers])
            heard = hearer.hear(frame) || heard;
        if (frame.action === "unsubscribed" && this.#isCurrent())
            this.#ended(frame.payload ?? { reason: "closed" });
        return heard;
    }
    #ended(payload) {
        const { name } = this;
        const { detail, reason = typeof detail === "string" ? "" : "refused" } = (payload ?? {});
        const why = { code: 1000, reason, detail: detail ?? "", topic: name };
        this.#asked = false;
        this.#wire.outbox.held.add(name);
        this.#wire.outbox.cutOff(({ topic }) => topic === name, why);
        const delay = this.#patience.ended(why);
        if (!this.#isCurrent())
            return;
        if (delay === undefined) {
            this.#wire.topics.delete(name);
            this.over(why, this.#wire.outbox.drop(({ topic }) => topic === name, why));
            return;
        }
        this.#timer = host.setTimeout(() => this.subscribe(), delay);
        this.status.set({ state: "waiting", attempt: this.#patience.attempt, delay, why });
    }
    lost(why) {
        host.clearTimeout(this.#timer);
        this.#asked = false;
        this.#wire.outbox.held.add(this.name);
        this.status.set({ state: "waiting", attempt: 0, delay: 0, why });
    }
    over(why, dropped) {
        this.#let();
        const unsent = dropped.filter(({ topic }) => topic === this.name).length;
        this.status.set({ state: "closed", why, unsent });
    }
    left() {
        if (!this.#isCurrent())
            return;
        this.#wire.topics.delete(this.name);
        this.#let();
        if (this.#asked)
            this.#wire.outbox.ask("unsubscribe", this.name, () => undefined, false);
    }
    #let() {
        host.clearTimeout(this.#timer);
        this.#wire.outbox.held.delete(this.name);
    }
    #isCurrent() {
        return this.#wire.topics.get(this.name) === this;
    }
}
const BUFFERED = 1024 * 1024;
class WireOutbox {
    held = new Set();
    #limit;
    #closed = false;
    #socket;
    #queue = [];
    #full = false;
    #drain;
    #asked = new Map();
    #doubtful;
    #refs = 0;
    constructor(limit) {
        this.#limit = limit;
    }
    ref() {
        this.#refs += 1;
        return String(this.#refs);
    }
    write(entry, first = false) {
        if (this.#closed)
            return false;
        if ((first || !this.#full) && this.#takes(entry))
            this.#put(entry);
        else if (entry.own || this.#queue.length < this.#limit)
            this.#wait(entry, first);
        else
            return false;
        return true;
    }
    #wait(entry, first) {
        const own = () => this.#queue.map((waiting) => waiting.own).lastIndexOf(true);
        this.#queue.splice(first ? own() + 1 : this.#queue.length, 0, entry);
        if (this.#socket && !this.#full && !this.#roomy())
            this.flush();
    }
    flush() {
        host.clearTimeout(this.#drain);
        this.#full = false;
        const waiting = this.#queue;
        this.#queue = [];
        for (const entry of waiting) {
            if (!this.#full && this.#takes(entry))
                this.#put(entry);
            else {
                this.#queue.push(entry);
                this.#full ||= !this.#roomy();
            }
        }
        if (this.#full && this.#socket)
            this.#drain = host.setTimeout(() => this.flush(), 50);
    }
    #takes({ topic, own }) {
        return this.#roomy() && (own || !this.held.has(topic ?? ""));
    }
    #roomy() {
        return this.#socket?.readyState === 1 && this.#socket.bufferedAmount < BUFFERED;
    }
    #put(entry) {
        this.#socket?.send(entry.text);
        entry.sent = true;
        if (entry.ref !== undefined && entry.answered)
            this.#asked.set(entry.ref, entry);
        if (!entry.own)
            this.#doubtful?.push(entry);
        if (this.#doubtful && this.#doubtful.length > this.#limit)
            this.#doubtful = undefined;
    }
    ask(action, topic, heard, first = true) {
        const ref = this.ref();
        const text = JSON.stringify({ action, payload: null, ref, topic });
        const answered = (frame) => {
            this.forget(entry);
            heard(frame);
        };
        const entry = { text, ref, topic, own: true, sent: false, answered };
        this.write(entry, first);
    }
    answered(frame) {
        const asked = this.#asked.get(frame.ref ?? "");
        asked?.answered?.(frame);
        return asked !== undefined;
    }
    forget(entry) {
        this.#asked.delete(entry.ref ?? "");
        const entries = entry.sent ? this.#doubtful : this.#queue;
        const at = entries?.indexOf(entry) ?? -1;
        if (at >= 0)
            entries?.splice(at, 1);
    }
    ignore(ref) {
        const answered = ({ action }) => {
            if (action === "complete" || action === "error")
                this.#asked.delete(ref);
        };
        this.#asked.set(ref, { text: "", sent: true, answered });
    }
    opened(socket, doubtful) {
        this.#socket = socket;
        this.#full = true;
        this.#doubtful = doubtful ? [] : undefined;
    }
    trust() {
        this.#doubtful = undefined;
    }
    lost(why, refused) {
        host.clearTimeout(this.#drain);
        this.#socket = undefined;
        const again = refused ? (this.#doubtful ?? []) : [];
        this.#doubtful = undefined;
        for (const entry of again) {
            entry.sent = false;
            this.#asked.delete(entry.ref ?? "");
        }
        this.#queue = [...again, ...this.#queue.filter(({ own }) => !own)];
        this.cutOff(() => true, why);
    }
    cutOff(which, why) {
        for (const [ref, entry] of [...this.#asked]) {
            if (!which(entry))
                continue;
            this.#asked.delete(ref);
            entry.ended?.(why);
        }
    }
    drop(which, why) {
        this.cutOff(which, why);
        const unsent = this.#queue.filter((entry) => !entry.own && which(entry));
        this.#queue = this.#queue.filter((entry) => entry.own || !which(entry));
        for (const entry of unsent)
            entry.ended?.(why);
        return unsent;
    }
    set closed(closed) {
        this.#closed = closed;
    }
}
const PONG_WITHIN = 10_000;
class WirePulse {
    #outbox;
    #silent;
    #heardAt = 0;
    #timer;
    #deadline;
    constructor(outbox, silent) {
        this.#outbox = outbox;
        this.#silent = silent;
    }
    start(every) {
        const silence = Date.now() - this.#heardAt;
        if (silence >= every)
            this.ping();
        this.#timer = host.setTimeout(() => this.start(every), Math.max(every - silence, 0) || every);
    }
    heard() {
        this.#heardAt = Date.now();
        host.clearTimeout(this.#deadline);
        this.#deadline = undefined;
    }
    ping() {
        if (this.#deadline !== undefined)
            return;
        this.#deadline = host.setTimeout(this.#silent, PONG_WITHIN);
        this.#outbox.ask("ping", undefined, () => undefined);
    }
    stop() {
        host.clearTimeout(this.#timer);
        host.clearTimeout(this.#deadline);
        this.#deadline = undefined;
    }
}
class LoopInbox {
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
        for (const watcher of [...this.#watchers]) {
            if (this.value === value && this.#watchers.has(watcher))
                guarded(watcher, this.#told, value);
        }
    }
    watch = (watcher) => {
        const own = (value) => watcher(value);
        this.#watchers.add(own);
        return () => this.#watchers.delete(own);
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
    const given = Object.entries(query).flatMap(([name, values]) => {
        const each = [values].flat().filter((value) => value !== undefined && value !== null);
        return each.map((value) => `${encoded(name)}=${encoded(String(value))}`);
    });
    url.search = given.join("&");
    return url.href;
}
const host = globalThis;
