//! The document has what `#[channel]` and the derives declare.

use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Connect, Consumer, Context, Event, EventEnum,
    EventSet, HandlerError, Message, MessageEnum, MessageSet, Ping, Pong, channel,
    describe::{
        ChannelDescription, Direction, MessageDescription, MessageShape, OperationDescription,
    },
    wire::Payload,
};
use chanx_core::{Endpoint, Live};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A line typed by a user.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(example = Chat { message: "hello".into() }, example = Chat { message: "bye".into() })]
struct Chat {
    message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "chat_notification")]
struct ChatNotification {
    from: String,
    message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Count(u32);

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Leave;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Enter;

#[derive(Debug, MessageEnum)]
enum Movement {
    Enter(Enter),
    Leave(Leave),
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(action = "payment.completed")]
struct PaymentCompleted {
    amount: u32,
}

/// Said to everyone.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Event, Message)]
struct Announcement {
    text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Opened;

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Closed(String);

#[derive(Debug, Clone, EventEnum)]
enum Door {
    Opened(Opened),
    Closed(Closed),
}

#[derive(Debug, Default, Connect, Consumer)]
struct Room {
    lines: u32,
}

/// Real-time chat.
#[channel(
    name = "room",
    tags = ["chat"],
    groups = ["lobby"],
    sends(ChatNotification, Movement),
    passthrough(Announcement),
)]
impl Room {
    const LONGEST: u32 = 100;

    /// Send a line to the room.
    ///
    /// Everyone sees it.
    #[ws_handler]
    async fn chat(&mut self, line: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.count();
        let notification = ChatNotification {
            from: "me".into(),
            message: line.message,
        };
        ctx.broadcast(notification).await?;
        Ok(())
    }

    #[ws_handler(summary = "Answer", description = "At once.", tags = ["health"])]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler(sends(Count, ChatNotification))]
    async fn movement(&mut self, ctx: &mut Context<Self>, movement: Movement) -> Option<Count> {
        let _ = ctx.send(Count(1)).await;
        match movement {
            Movement::Enter(Enter) => Some(Count(Self::LONGEST)),
            Movement::Leave(Leave) => None,
        }
    }

    #[event_handler]
    async fn payment_completed(&mut self, event: PaymentCompleted) -> Vec<Count> {
        vec![Count(event.amount)]
    }

    #[event_handler]
    async fn door(&mut self, door: Door) {
        match door {
            Door::Opened(Opened) => self.count(),
            Door::Closed(Closed(_)) => {}
        }
    }

    #[cfg(not(test))]
    #[event_handler]
    async fn never(&mut self, event: Nothing) -> Nothing {}

    fn count(&mut self) {
        self.lines += 1;
    }
}

fn described<M: MessageSet>() -> Vec<MessageDescription> {
    let mut messages = Vec::new();
    M::describe(&mut messages);
    messages
}

fn actions(messages: &[MessageDescription]) -> Vec<&'static str> {
    messages.iter().map(|message| message.action).collect()
}

fn room() -> ChannelDescription {
    let layer = ChannelLayer::new();
    let endpoint = Endpoint::<Room>::new(layer, ChannelOptions::default(), Live::default());
    (**endpoint.description()).clone()
}

fn operation(name: &str) -> OperationDescription {
    let mut operations = room().operations.into_iter();
    operations
        .find(|operation| operation.handler.name == name)
        .expect("the room has a handler of this name")
}

#[test]
fn a_message_is_described_by_its_item() {
    let [chat] = described::<Chat>().try_into().unwrap();
    assert_eq!(chat.name, "Chat");
    assert_eq!(chat.action, "chat");
    assert_eq!(chat.description, Some("A line typed by a user."));
    assert_eq!(chat.shape, MessageShape::Fields);
    assert_eq!(
        chat.examples,
        [json!({"message": "hello"}), json!({"message": "bye"})]
    );

    assert_eq!(described::<Count>()[0].shape, MessageShape::Newtype);
    assert_eq!(described::<Leave>()[0].shape, MessageShape::Unit);
}

#[test]
fn an_enum_is_described_by_its_variants() {
    assert_eq!(Movement::ACTIONS, ["enter", "leave"]);
    assert_eq!(actions(&described::<Movement>()), ["enter", "leave"]);
}

#[test]
fn an_enum_reads_and_names_its_variants() {
    let leave = Movement::decode("leave", Payload::NULL).unwrap();
    assert!(matches!(leave, Movement::Leave(Leave)));

    let opened = Door::decode("opened", Payload::NULL).unwrap();
    assert_eq!(opened.action(), "opened");
    assert_eq!(Door::from(Closed("fire".into())).action(), "closed");
}

#[test]
fn a_channel_is_described_by_its_block() {
    let room = room();

    assert_eq!(room.name, "room");
    assert_eq!(room.description, Some("Real-time chat."));
    assert_eq!(room.tags, ["chat"]);
    assert_eq!(room.groups, ["lobby"]);
    assert_eq!(
        actions(&room.sends),
        ["chat_notification", "enter", "leave"]
    );
    let names: Vec<_> = room
        .operations
        .iter()
        .map(|operation| operation.handler.name)
        .collect();
    assert_eq!(
        names,
        [
            "chat",
            "ping",
            "movement",
            "payment_completed",
            "door",
            "announcement"
        ],
    );
}

#[test]
fn a_handler_is_described_by_its_comment() {
    let chat = operation("chat");

    assert_eq!(chat.handler.summary, Some("Send a line to the room."));
    assert_eq!(chat.handler.description, Some("Everyone sees it."));
    assert_eq!(chat.direction, Direction::Receive);
    assert_eq!(actions(&chat.messages), ["chat"]);
    assert!(chat.replies.is_empty());
}

#[test]
fn a_handler_is_described_by_its_attribute_first() {
    let ping = operation("ping");

    assert_eq!(ping.handler.summary, Some("Answer"));
    assert_eq!(ping.handler.description, Some("At once."));
    assert_eq!(ping.handler.tags, ["health"]);
}

#[test]
fn a_handler_is_described_by_what_it_takes_returns_and_sends() {
    let movement = operation("movement");
    assert_eq!(actions(&movement.messages), ["enter", "leave"]);
    assert_eq!(actions(&movement.replies), ["count"]);
    assert_eq!(actions(&movement.sends), ["count", "chat_notification"]);

    let payment = operation("payment_completed");
    assert_eq!(payment.direction, Direction::Send);
    assert_eq!(actions(&payment.replies), ["count"]);
}

#[test]
fn a_passthrough_is_described_by_its_event() {
    let announcement = operation("announcement");

    assert_eq!(announcement.direction, Direction::Send);
    assert_eq!(announcement.handler.description, Some("Said to everyone."));
    assert_eq!(actions(&announcement.replies), ["announcement"]);
}

#[test]
fn what_is_declared_can_be_published() {
    let layer = ChannelLayer::new();
    let room = Broadcaster::<Room>::new(&layer);

    drop(room.event(PaymentCompleted { amount: 1 }));
    drop(room.event(Door::from(Opened)));
    drop(room.event(Announcement {
        text: "hello".into(),
    }));
    drop(room.broadcast(Movement::from(Enter)));
}

#[test]
fn an_event_that_is_a_message_too_states_its_action_once() {
    #[derive(Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
    #[message(crate = ::chanx, action = "said")]
    struct Line;

    #[derive(Clone, Serialize, Deserialize, JsonSchema, Event, Message)]
    #[event(action = "told")]
    #[message(action = "said")]
    struct Whisper;

    assert_eq!(<Line as Event>::ACTION, "said");
    assert_eq!(<Whisper as Event>::ACTION, "told");
    assert_eq!(<Whisper as Message>::ACTION, "said");
}
