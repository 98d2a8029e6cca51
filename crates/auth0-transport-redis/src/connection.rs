//! The connection to Redis, and its time limits.

use std::{sync::Arc, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection, PubSub},
    cluster_async::ClusterConnection,
};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    Redis,
    server::{LONGEST_COMMAND, Server},
};

/// The time limit to find the nodes of a cluster, or the master. Calls wait only [`LONGEST_COMMAND`] for it.
const LONGEST_SEARCH: Duration = Duration::from_secs(5);

/// A connection that is shared, and opened when it is first needed.
pub(crate) struct Link {
    pub(crate) redis: Redis,
    connection: Arc<Mutex<Option<Connection>>>,
}

#[derive(Clone)]
enum Connection {
    One(ConnectionManager),
    Cluster(ClusterConnection),
    Master(MultiplexedConnection),
}

impl Link {
    pub(crate) fn new(redis: Redis) -> Self {
        Self { redis, connection: Arc::default() }
    }

    /// Runs a script within the time limit.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisError> {
        self.in_time(async {
            match self.connected().await? {
                Connection::One(mut connection) => script.invoke_async(&mut connection).await,
                Connection::Cluster(mut connection) => script.invoke_async(&mut connection).await,
                Connection::Master(mut connection) => script.invoke_async(&mut connection).await,
            }
        })
        .await
    }

    /// Runs a command within the time limit.
    pub(crate) async fn command<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        self.in_time(async {
            match self.connected().await? {
                Connection::One(mut connection) => command.query_async(&mut connection).await,
                Connection::Cluster(mut connection) => command.query_async(&mut connection).await,
                Connection::Master(mut connection) => command.query_async(&mut connection).await,
            }
        })
        .await
    }

    async fn in_time<T>(&self, command: impl Future<Output = Result<T, RedisError>>) -> Result<T, RedisError> {
        let result = timeout(LONGEST_COMMAND, command)
            .await
            .unwrap_or_else(|_| Err(RedisError::from((redis::ErrorKind::Io, "no response from Redis within 100 ms"))));
        if result.is_err() {
            self.forget_broken();
        }
        result
    }

    /// Returns the connection. Opening it continues after the caller gives up, so that the next caller finds it.
    async fn connected(&self) -> Result<Connection, RedisError> {
        if let Ok(connection) = self.connection.try_lock()
            && let Some(connection) = &*connection
        {
            return Ok(connection.clone());
        }
        let (server, place) = (self.redis.server.clone(), Arc::clone(&self.connection));
        let search = tokio::spawn(async move {
            let mut place = place.lock().await;
            match &*place {
                Some(connection) => Ok(connection.clone()),
                None => Ok(place.insert(connect(&server).await?).clone()),
            }
        });
        search.await.unwrap_or_else(|_| Err((redis::ErrorKind::Io, "the search for Redis was cancelled").into()))
    }

    /// Drops the connection to a master, because another one may have replaced it. Other connections reconnect by themselves.
    fn forget_broken(&self) {
        if let Ok(mut connection) = self.connection.try_lock()
            && matches!(*connection, Some(Connection::Master(_)))
        {
            *connection = None;
        }
    }
}

/// Returns a connection that receives messages of channels that match a pattern.
pub(crate) async fn listen(server: &Server, pattern: &str) -> Result<PubSub, RedisError> {
    let search = async {
        let client = match server {
            Server::One(client) => Client::clone(client),
            Server::Sentinel(client) => client.lock().await.async_get_client().await?,
            // A cluster forwards messages to all nodes, so one node is enough.
            Server::Cluster(_, nodes) => {
                let mut heard = Err(RedisError::from((redis::ErrorKind::InvalidClientConfig, "no node is named")));
                for node in nodes {
                    heard = node.get_async_pubsub().await;
                    if heard.is_ok() {
                        break;
                    }
                }
                return heard;
            }
        };
        client.get_async_pubsub().await
    };
    let search = timeout(LONGEST_SEARCH, search).await;
    let mut listening = search.unwrap_or_else(|_| Err((redis::ErrorKind::Io, "no connection within 5 s").into()))?;
    listening.psubscribe(pattern).await?;
    Ok(listening)
}

async fn connect(server: &Server) -> Result<Connection, RedisError> {
    let search = async {
        match server {
            Server::One(client) => {
                let config = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(LONGEST_COMMAND))
                    .set_response_timeout(Some(LONGEST_COMMAND))
                    .set_number_of_retries(0);
                ConnectionManager::new_lazy_with_config(Client::clone(client), config).map(Connection::One)
            }
            Server::Cluster(client, _) => client.get_async_connection().await.map(Connection::Cluster),
            Server::Sentinel(client) => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(LONGEST_SEARCH))
                    .set_response_timeout(Some(LONGEST_COMMAND));
                let connection = client.lock().await.get_async_connection_with_config(&config).await;
                connection.map(Connection::Master)
            }
        }
    };
    timeout(LONGEST_SEARCH, search)
        .await
        .unwrap_or_else(|_| Err(RedisError::from((redis::ErrorKind::Io, "Redis was not found within 5 s"))))
}
