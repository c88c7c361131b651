//! The errors of an application that a broker does not let in.

use std::{error::Error, net::SocketAddr};

use chanx::{
    ChannelLayer,
    layer::{Broker, BrokerError},
};
use chanx_nats::{ConnectError as NatsError, NatsBroker};
use chanx_redis::{ConnectError as RedisError, RedisBroker};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    node::{Node, Seen, watch},
    server::{Kind, Nats, Redis, Server, somewhere},
};

/// The error of connecting by way of a broker, which is to be of this type.
async fn refused<E: Error + 'static>(broker: impl Broker) -> E {
    match ChannelLayer::connect(broker).await {
        Err(BrokerError::Failed(error) | BrokerError::Refused(error)) => match error.downcast() {
            Ok(error) => *error,
            Err(error) => panic!("another error: {error:?}"),
        },
        other => panic!("not refused: {other:?}"),
    }
}

/// Lines go from one node to another.
async fn works(brokers: [impl Broker; 2]) {
    let [here, there] = brokers;
    let (here, there) = (Node::new(here).await, Node::new(there).await);
    let far = there.member().await;
    assert!(here.publish(1, "").await);
    assert_eq!(watch(far, 1).await, [Seen::Line(1)]);
}

macro_rules! assert_matches {
    ($error:expr, $pattern:pat) => {
        let error = $error;
        assert!(matches!(error, $pattern), "{error:?}");
    };
}

#[tokio::test]
async fn a_broker_that_is_not_there() {
    let nobody = SocketAddr::from((somewhere(), 1));

    assert_matches!(
        refused(Redis::broker(nobody)).await,
        RedisError::Unreachable(_)
    );
    assert_matches!(
        refused(Nats::broker(nobody)).await,
        NatsError::Unreachable(_)
    );
}

#[tokio::test]
async fn a_url_of_something_else() {
    assert_matches!(
        refused(RedisBroker::new("http://localhost")).await,
        RedisError::Url(_)
    );
    assert_matches!(
        refused(NatsBroker::new("nats://[")).await,
        NatsError::Url(_)
    );
}

#[tokio::test]
async fn a_wrong_password_for_redis() {
    let server = Server::<Redis>::start_with("requirepass right").await;
    let at = server.address();

    for url in [format!("redis://{at}"), format!("redis://:wrong@{at}")] {
        assert_matches!(
            refused(RedisBroker::new(url)).await,
            RedisError::Credentials(_)
        );
    }
    let right = || RedisBroker::new(format!("redis://{at}")).credentials("default", "right");
    works([right(), right()]).await;
}

#[tokio::test]
async fn a_wrong_password_for_nats() {
    let config = "authorization { user: chat, password: right }";
    let server = Server::<Nats>::start_with(config).await;
    let at = server.address();

    for url in [format!("nats://{at}"), format!("nats://chat:wrong@{at}")] {
        assert_matches!(
            refused(NatsBroker::new(url)).await,
            NatsError::Credentials(_)
        );
    }
    let right = || NatsBroker::new(format!("nats://{at}")).credentials("chat", "right");
    works([right(), right()]).await;
}

#[tokio::test]
async fn a_token_for_nats() {
    let server = Server::<Nats>::start_with("authorization { token: right }").await;

    assert_matches!(
        refused(server.broker().token("wrong")).await,
        NatsError::Credentials(_)
    );
    works([
        server.broker().token("right"),
        server.broker().token("right"),
    ])
    .await;
}

#[tokio::test]
async fn one_client_too_many_for_redis() {
    let server = Server::<Redis>::start_with("maxclients 2").await;
    let _two = [
        Node::new(server.broker()).await,
        Node::new(server.broker()).await,
    ];

    assert_matches!(refused(server.broker()).await, RedisError::Full(_));
}

#[tokio::test]
async fn a_redis_in_its_protected_mode() {
    let error = b"-DENIED Redis is running in protected mode\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            client.write_all(error).await.unwrap();
        }
    });

    let error = refused::<RedisError>(Redis::broker(at)).await;
    let source = error.source().map(ToString::to_string);
    assert!(
        source.is_some_and(|source| source.contains("protected mode")),
        "{error:?}"
    );
}

#[tokio::test]
async fn one_client_too_many_for_nats() {
    let server = Server::<Nats>::start_with("max_connections: 2").await;
    let _two = [
        Node::new(server.broker()).await,
        Node::new(server.broker()).await,
    ];

    assert_matches!(refused(server.broker()).await, NatsError::Full(_));
}

#[tokio::test]
async fn a_user_of_redis_who_may_not_subscribe() {
    let config = "user chat on >right resetchannels &other* +@all";
    let server = Server::<Redis>::start_with(config).await;
    let chat = || server.broker().credentials("chat", "right");

    assert_matches!(refused(chat()).await, RedisError::Forbidden(_));
    works([chat().prefix("other."), chat().prefix("other.")]).await;
}

#[tokio::test]
async fn a_user_of_nats_who_may_not_publish_or_subscribe() {
    let config = r#"authorization { users = [{
        user: chat, password: right, permissions: { publish: "other.>", subscribe: "other.>" }
    }] }"#;
    let server = Server::<Nats>::start_with(config).await;
    let chat = || server.broker().credentials("chat", "right");

    assert_matches!(refused(chat()).await, NatsError::Forbidden(_));
    works([chat().prefix("other."), chat().prefix("other.")]).await;
}

#[tokio::test]
async fn a_redis_whose_memory_is_full_carries_on() {
    let server = Server::<Redis>::start_with("maxmemory 1mb\nmaxmemory-policy noeviction").await;

    works([server.broker(), server.broker()]).await;
}

#[tokio::test]
async fn a_redis_that_is_too_old() {
    // One answer for each of the commands that a client begins with.
    let error = "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n";
    let at = says(b"", error.repeat(3).leak().as_bytes()).await;

    assert_matches!(refused(Redis::broker(at)).await, RedisError::TooOld(_));
}

#[tokio::test]
async fn a_nats_that_is_too_old() {
    let info = br#"INFO {"server_id":"A","version":"2.1.9","proto":1,"max_payload":1048576}"#;
    let at = says(&[info, b"\r\n".as_slice()].concat(), b"PONG\r\n").await;

    assert_matches!(refused(Nats::broker(at)).await, NatsError::TooOld { .. });
}

#[tokio::test]
async fn a_broker_that_says_nothing() {
    let at = says(b"", b"").await;

    let (redis, nats) = tokio::join!(refused(Redis::broker(at)), refused(Nats::broker(at)));
    assert_matches!(redis, RedisError::TimedOut { .. });
    assert_matches!(nats, NatsError::TimedOut { .. });
}

/// A server that greets, and answers whatever it is asked with the same.
async fn says(greeting: &[u8], answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let greeting = greeting.to_vec();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let greeting = greeting.clone();
            tokio::spawn(async move {
                client.write_all(&greeting).await.unwrap();
                let mut asked = [0; 1024];
                while let Ok(1..) = client.read(&mut asked).await {
                    if client.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    at
}

/// A certificate for an address, and its key, in files of the folder.
fn certify(at: SocketAddr, folder: &TempDir) -> String {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([at.ip().to_string()]).unwrap();
    std::fs::write(folder.path().join("cert"), cert.pem()).unwrap();
    std::fs::write(folder.path().join("key"), signing_key.serialize_pem()).unwrap();
    cert.pem()
}

#[tokio::test]
async fn a_certificate_of_redis_that_is_not_trusted() {
    let (at, folder) = (
        SocketAddr::from((somewhere(), 6379)),
        TempDir::new().unwrap(),
    );
    let pem = certify(at, &folder);
    let path = folder.path().display();
    let config = format!(
        "tls-port 6380\ntls-cert-file {path}/cert\ntls-key-file {path}/key\ntls-auth-clients no"
    );
    std::fs::write(folder.path().join("config"), config).unwrap();
    let server = Server::<Redis>::start_at(at, folder).await;
    let broker = || RedisBroker::new(format!("rediss://{}:6380", server.address().ip()));

    assert_matches!(refused(broker()).await, RedisError::Tls(_));
    let trusting = || broker().root_certificates(pem.clone());
    works([trusting(), trusting()]).await;
}

#[tokio::test]
async fn a_certificate_of_nats_that_is_not_trusted() {
    let (at, folder) = (
        SocketAddr::from((somewhere(), 4222)),
        TempDir::new().unwrap(),
    );
    certify(at, &folder);
    let path = folder.path().to_owned();
    let config = format!(
        "tls {{ cert_file: \"{0}/cert\", key_file: \"{0}/key\" }}",
        path.display()
    );
    std::fs::write(folder.path().join("config"), config).unwrap();
    let server = Server::<Nats>::start_at(at, folder).await;
    let broker = || NatsBroker::new(format!("tls://{}", server.address()));

    assert_matches!(refused(broker()).await, NatsError::Tls(_));
    let trusting = || broker().root_certificates(path.join("cert"));
    works([trusting(), trusting()]).await;
}

#[tokio::test]
async fn a_unix_socket_of_redis() {
    let (at, folder) = (
        SocketAddr::from((somewhere(), 6379)),
        TempDir::new().unwrap(),
    );
    let path = folder.path().join("socket");
    let config = format!("unixsocket {}", path.display());
    std::fs::write(folder.path().join("config"), config).unwrap();
    let _server = Server::<Redis>::start_at(at, folder).await;
    let broker = || RedisBroker::new(format!("unix://{}", path.display()));

    works([broker(), broker()]).await;
}

#[tokio::test]
async fn brokers_of_different_prefixes_have_nothing_to_do_with_each_other() {
    let (redis, nats) = (
        Server::<Redis>::start().await,
        Server::<Nats>::start().await,
    );
    strangers(redis.broker().prefix("one."), redis.broker().prefix("two.")).await;
    strangers(nats.broker().prefix("one."), nats.broker().prefix("two.")).await;
}

async fn strangers<B: Broker>(one: B, two: B) {
    let (here, there) = (Node::new(one).await, Node::new(two).await);
    let mut far = there.member().await;
    assert!(here.publish(1, "").await);
    far.receive_nothing().await;
}

#[test]
fn a_password_is_not_shown() {
    let redis = RedisBroker::new("redis://:secret@host").credentials("chat", "secret");
    let nats = NatsBroker::new("nats://chat:secret@host").token("secret");

    for shown in [format!("{redis:?}"), format!("{nats:?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}
