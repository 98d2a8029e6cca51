//! Replays recorded traffic through the client: `cargo run --example replay_recordings -- FILE.jsonl …`
//!
//! Each line of a file is one exchange: `{"method", "path", "request", "status", "response"}`, the path with its query,
//! the bodies as text. For each, the call of this crate that should send that request is made against a server that
//! answers with the recorded response. What arrives there has to be equal to what was recorded, bodies compared as JSON,
//! and the response has to be read: a success into its type, a failure into an error of its status.

use std::{env, error::Error as StdError, fs, process::ExitCode, time::Duration};

use auth0_provisioning::{
    Client, Desired, DirectoryProvisioningHandle, Error, GroupId, MappingItem, Pages, RetryPolicy, SelectedGroup,
};
use reqwest::Url;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

type Failure = Box<dyn StdError>;

struct Exchange {
    method: String,
    path: String,
    request: String,
    status: u16,
    response: String,
}

impl Exchange {
    fn read(line: &str) -> Result<Self, Failure> {
        let line: Value = serde_json::from_str(line)?;
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            method: text("method"),
            path: text("path"),
            request: text("request"),
            status: line["status"].as_u64().and_then(|status| status.try_into().ok()).ok_or("no status")?,
            response: text("response"),
        })
    }

    /// Path and query, apart.
    fn target(&self) -> (&str, &str) {
        self.path.split_once('?').unwrap_or((&self.path, ""))
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = pairs(self.target().1).into_iter();
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Compares what arrived with what was recorded.
    fn compare(&self, arrived: &Arrived) -> Result<(), Failure> {
        let target = arrived.target.split_once('?').unwrap_or((&arrived.target, ""));
        if arrived.method != self.method || target.0 != self.target().0 {
            return Err(format!("{} {} arrived", arrived.method, arrived.target).into());
        }
        if pairs(target.1) != pairs(self.target().1) {
            return Err(format!("the query {:?} arrived", target.1).into());
        }
        let json = |body: &str| if body.is_empty() { Ok(None) } else { serde_json::from_str::<Value>(body).map(Some) };
        if json(&arrived.body)? != json(&self.request)? {
            return Err(format!("the body {:?} arrived instead of {:?}", arrived.body, self.request).into());
        }
        Ok(())
    }
}

/// The parameters of a query, decoded and sorted: their order and the way they are encoded have no meaning.
fn pairs(query: &str) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://tenant.example.com/?{query}"));
    let mut pairs: Vec<_> =
        url.iter().flat_map(Url::query_pairs).map(|(name, value)| (name.into(), value.into())).collect();
    pairs.sort();
    pairs
}

/// Makes the call that should send this request.
async fn call(client: &Client, exchange: &Exchange) -> Result<Result<Option<Value>, Error>, Failure> {
    let (path, _) = exchange.target();
    let path = path.strip_prefix("/api/v2/").ok_or("the path is not below /api/v2")?;
    let segments: Vec<_> = path.split('/').collect();
    let body: Value = if exchange.request.is_empty() { Value::Null } else { serde_json::from_str(&exchange.request)? };
    if segments == ["connections-directory-provisionings"] {
        return Ok(read_page(client.directory_provisionings(), exchange).await);
    }
    let ["connections", id, "directory-provisioning", rest @ ..] = &segments[..] else {
        return Err("no operation has this path".into());
    };
    let google = client.directory_provisioning(&id.parse()?);
    match (exchange.method.as_str(), rest) {
        ("GET", []) => Ok(google.get().await.map(json)),
        ("POST", []) => Ok(google.create(desired(&body)).await.map(json)),
        ("PATCH", []) => Ok(google.update(desired(&body)).await.map(json)),
        ("DELETE", []) => Ok(google.delete().await.map(|()| None)),
        ("GET", ["default-mapping"]) => {
            Ok(google.default_mapping().await.map(|mapping| json(serde_json::json!({ "mapping": mapping }))))
        }
        ("POST", ["synchronizations"]) => Ok(google.synchronize().await.map(json)),
        (_, ["synchronized-groups"]) => groups(&google, exchange, &body).await,
        _ => Err("no operation has this method and path".into()),
    }
}

async fn groups(
    google: &DirectoryProvisioningHandle,
    exchange: &Exchange,
    body: &Value,
) -> Result<Result<Option<Value>, Error>, Failure> {
    let listed = body["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let selected: Vec<SelectedGroup> = listed.iter().map(group).collect::<Result<_, _>>()?;
    let groups = google.groups();
    let done = match exchange.method.as_str() {
        "GET" => {
            let list = exchange.parameter("q").map_or_else(|| groups.list(), |query| groups.search(query));
            return Ok(read_page(list, exchange).await);
        }
        "PUT" => groups.replace(selected).await,
        "POST" => groups.add(selected).await,
        "DELETE" => groups.remove(selected.into_iter().map(|group| group.id)).await,
        _ => return Err("no operation has this method".into()),
    };
    Ok(done.map(|()| None))
}

async fn read_page<T: serde::Serialize>(list: Pages<T>, exchange: &Exchange) -> Result<Option<Value>, Error> {
    let list = match exchange.parameter("take").and_then(|take| take.parse().ok()) {
        Some(take) => list.page_size(take),
        None => list,
    };
    let mut list = match exchange.parameter("from") {
        Some(cursor) => list.resume_from(cursor),
        None => list,
    };
    Ok(list.next().await?.map(|page| serde_json::json!({ "items": page.items })))
}

fn group(group: &Value) -> Result<SelectedGroup, Failure> {
    let id: GroupId = group["id"].as_str().unwrap_or_default().parse()?;
    let mut selected = SelectedGroup::new(id);
    if let Some(name) = group["name"].as_str() {
        selected = selected.name(name);
    }
    if let Some(email) = group["email"].as_str() {
        selected = selected.email(email);
    }
    if let Some(members) = group["direct_members_count"].as_u64() {
        selected = selected.direct_members_count(members.try_into()?);
    }
    Ok(selected)
}

fn desired(body: &Value) -> Desired {
    let mut desired = Desired::default();
    if let Some(rows) = body["mapping"].as_array() {
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        desired = desired.mapping(rows.iter().map(|row| MappingItem::new(text(row, "auth0"), text(row, "idp"))));
    }
    if let Some(automatically) = body["synchronize_automatically"].as_bool() {
        desired = desired.synchronize_automatically(automatically);
    }
    if let Some(groups) = body["synchronize_groups"].as_str() {
        desired = desired.synchronize_groups(groups.into());
    }
    desired
}

fn json(value: impl serde::Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

/// What was read has to hold what the response says. Times may be written otherwise; lists of pages go by their items.
fn check_answer(exchange: &Exchange, answer: Result<Option<Value>, Error>) -> Result<(), Failure> {
    let success = (200..300).contains(&exchange.status);
    match answer {
        Ok(_) if !success => Err(format!("a {} was read as a success", exchange.status).into()),
        Err(error) if success => Err(format!("the response was not read: {error}").into()),
        Err(error) if error.status().map(|status| status.as_u16()) != Some(exchange.status) => {
            Err(format!("the failure was read as {error}").into())
        }
        Err(_) | Ok(None) => Ok(()),
        Ok(Some(read)) => {
            let mut recorded: Value = serde_json::from_str(&exchange.response)?;
            if let Some(items) = read.get("items") {
                let name = if recorded.get("groups").is_some() { "groups" } else { "directory_provisionings" };
                return equal(items, &recorded[name].take());
            }
            equal(&read, &recorded)
        }
    }
}

fn equal(read: &Value, recorded: &Value) -> Result<(), Failure> {
    match (read, recorded) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            one.iter().try_for_each(|(name, value)| {
                equal(value, &other[name]).map_err(|error| format!("{name}: {error}").into())
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).try_for_each(|(one, other)| equal(one, other))
        }
        (one, other) if one == other || instant(one).is_some_and(|one| Some(one) == instant(other)) => Ok(()),
        (one, other) => Err(format!("{one} was read, {other} was recorded").into()),
    }
}

fn instant(value: &Value) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::parse_from_rfc3339(value.as_str()?).ok()
}

struct Arrived {
    method: String,
    target: String,
    body: String,
}

/// Takes one request and answers it as recorded.
async fn serve_one(listener: &TcpListener, exchange: &Exchange) -> std::io::Result<Arrived> {
    let (stream, _) = listener.accept().await?;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        match header.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or_default();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let (status, response) = (exchange.status, &exchange.response);
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", response.len()) };
    let kind = "content-type: application/json; charset=utf-8";
    let answer = format!("HTTP/1.1 {status} Recorded\r\n{kind}\r\n{length}connection: close\r\n\r\n{response}");
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(Arrived { method, target, body: String::from_utf8_lossy(&body).into_owned() })
}

/// Both sides of one exchange.
async fn replay(client: &Client, listener: &TcpListener, exchange: &Exchange) -> Result<(), Failure> {
    let serving = tokio::time::timeout(Duration::from_secs(10), serve_one(listener, exchange));
    let (answer, arrived) = tokio::join!(call(client, exchange), serving);
    exchange.compare(&arrived.map_err(|_| "no request arrived")??)?;
    check_answer(exchange, answer?)
}

async fn run(files: &[String]) -> Result<bool, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = Client::builder("tenant.example.com")?
        .base_url(format!("http://{}", listener.local_addr()?))
        .bearer_token("placeholder")
        .retry(RetryPolicy::never())
        .build()?;
    let mut all_equal = true;
    for file in files {
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let (mut replayed, mut different) = (0, 0);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let exchange = Exchange::read(line).map_err(|error| format!("{file}:{}: {error}", number + 1))?;
            replayed += 1;
            if let Err(difference) = replay(&client, &listener, &exchange).await {
                different += 1;
                println!("{file}:{}: {} {}: {difference}", number + 1, exchange.method, exchange.path);
            }
        }
        println!("{file}: {replayed} replayed, {different} different");
        all_equal &= different == 0 && replayed > 0;
    }
    Ok(all_equal)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let files: Vec<String> = env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("give the files to replay: cargo run --example replay_recordings -- FILE.jsonl …");
        return ExitCode::from(2);
    }
    match run(&files).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
