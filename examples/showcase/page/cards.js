// What the page knows of each channel and topic, and of the events that may be posted.

import { channels as served } from "/asyncapi/client.js";

const app = served(undefined, { maxDelay: 8_000 });

const message = { name: "message", label: "Say something", once: true };
const words = { name: "words", label: "Some words", once: true };
const body = { name: "body", label: "Say something", once: true };
const asIs = (values) => values;
const bare = ({ words }) => words;

let room = "lobby";
let topic = "lobby";

// One connection for all of its topics, made when the first is asked for.
let hub;
const topicHub = () => (hub ??= app.topicHub());

export const channels = [
  {
    name: "system",
    title: "System",
    about: "What a handler returns is the answer.",
    address: () => "/ws/system",
    connect: () => app.system(),
    forms: [{ label: "Say", action: "user_message", fields: [message], make: asIs }],
  },
  {
    name: "chat",
    title: "Chat",
    about: "One room for everybody: a broadcast reaches the channel’s group.",
    address: () => "/ws/chat",
    connect: () => app.chat(),
    forms: [
      { label: "Say", action: "chat", fields: [message], make: asIs },
      { label: "Ask for more", action: "extra_request", fields: [words], make: bare },
    ],
  },
  {
    name: "room_chat",
    title: "Rooms",
    about: "The address decides the group. Others are told who comes and goes.",
    address: () => `/ws/room/${encodeURIComponent(room)}`,
    connect: () => app.roomChat({ room_name: room }),
    room: { label: "Room", value: room, choose: (name) => (room = name) },
    forms: [{ label: "Say", action: "room_chat", fields: [message], make: asIs }],
  },
  {
    name: "background_jobs",
    title: "Background jobs",
    about: "A worker does the work, and tells this one connection what came of it.",
    address: () => "/ws/background_jobs",
    connect: () => app.backgroundJobs(),
    forms: [
      {
        label: "Queue",
        action: "job",
        fields: [
          { name: "type", label: "Kind of job", options: ["translate", "analyze", "generate", "default"] },
          { name: "content", label: "hello", once: true },
        ],
        make: asIs,
      },
    ],
  },
  {
    name: "notifications",
    title: "Notifications",
    about: "From users, from the application, from its clockwork.",
    address: () => "/ws/notifications",
    connect: () => app.notifications(),
    forms: [{ label: "Notify", action: "notification", fields: [message], make: asIs }],
  },
  {
    name: "analytics",
    title: "Analytics",
    about: "Any JSON beside what is typed.",
    address: () => "/ws/analytics",
    connect: () => app.analytics(),
    forms: [
      {
        label: "Track",
        action: "analytics",
        fields: [
          { name: "event", label: "page_view" },
          { name: "data", label: '{"page": "/"}', json: true, optional: true },
        ],
        make: asIs,
      },
    ],
  },
  {
    name: "reliable_chat",
    title: "Another chat",
    about: "The same again: groups belong to a channel, so the first hears nothing of it.",
    address: () => "/ws/reliable",
    connect: () => app.reliableChat(),
    forms: [{ label: "Say", action: "reliable_chat", fields: [message], make: asIs }],
  },
  {
    name: "topic_room",
    title: "Rooms as topics",
    about: "One connection, and a subscription for each room that is entered. Leaving one closes nothing.",
    address: () => encodeURI(`room:${topic}`),
    connect: () => topicHub().subscribe.room({ room_name: topic }),
    room: { label: "Room", value: topic, pattern: "[^:]+", choose: (name) => (topic = name) },
    forms: [
      { label: "Say", action: "post", fields: [body], make: asIs },
      { label: "Say to yourself", action: "echo", fields: [body], make: asIs },
    ],
  },
];

const text = (words) => words;
const object = (message) => ({ message });

// By channel and action: how words become the payload.
export const events = {
  chat: {
    system_notify: text,
    user_joined_notification: object,
    user_left_notification: object,
    extra_passthrough: text,
  },
  reliable_chat: { system_notify: text },
  notifications: { system_notify: text, system_periodic_notify: text },
  analytics: { system_notify: text },
  background_jobs: { extra_event: text, job_result: text },
};
