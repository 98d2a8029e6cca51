//! How each construct crosses the wire.

use std::fmt::Write as _;

use auth0_transport::{Error, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{Client, types};

/// Makes one call against a server that gives this answer: the request's first line, two of its headers and its body,
/// and what came of it.
async fn exchange<T>(answer: &str, call: impl AsyncFnOnce(Client) -> Result<T, Error>) -> (String, Result<T, Error>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = Transport::builder("tenant.example.com".parse().unwrap())
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .bearer_token("token")
        .build()
        .unwrap();
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        let request = loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                    break text;
                }
            }
            assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0);
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
        request
    };
    let (request, result) = tokio::join!(server, call(Client { transport }));
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut told = head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").replacen("/api/v2", "", 1);
    let mut headers: Vec<_> = head
        .lines()
        .filter(|line| ["accept:", "content-type:", "x-"].iter().any(|start| line.starts_with(start)))
        .collect();
    headers.sort_unstable();
    for header in headers {
        write!(told, "\n{header}").unwrap();
    }
    (format!("{told}\n{body}").trim_end().to_owned(), result)
}

const NOTHING: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

fn json(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Fine\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn parameters_that_meet_are_all_sent() {
    let value = vec!["a/b".to_owned(), "c".to_owned()];
    let mut parameters = types::GetValuesParameters::default()
        .base_url("u")
        .value_value("v")
        .url(vec![1, 2])
        .request_value(vec!["Unknown".into(), "b".into()])
        .x_result("r");
    parameters.response_value = Some(types::GetValuesResponseValue::Integer(3));
    let (request, answer) = exchange(NOTHING, async |client| client.get_values(&value, true, &parameters).await).await;
    assert_eq!(
        request,
        "GET /values/a%2Fb,c?base_url=u&request=Unknown&request=b&response=3&url=1%2C2&value=v\naccept: application/json\nx-body: true\nx-result: r"
    );
    assert_eq!(answer.unwrap().into_inner(), None);
}

#[tokio::test]
async fn an_answer_may_be_there_or_not() {
    let answer = json(200, r#"{"items": [], "next": "n"}"#);
    let parameters = types::GetValuesParameters::default();
    let (_, answer) =
        exchange(&answer, async |client| client.get_values(&vec!["a".to_owned()], false, &parameters).await).await;
    assert!(matches!(answer.unwrap().into_inner(), Some(types::Page::ObjectValue(_))));
}

#[tokio::test]
async fn a_form_repeats_lists() {
    let mut form = types::Form::new("code").scope(vec!["a b".to_owned(), "c".to_owned()]).age(3);
    form.claims = Some(serde_json::Map::from_iter([("k".to_owned(), true.into())]));
    let answer = "HTTP/1.1 200 Fine\r\ncontent-length: 3\r\nconnection: close\r\n\r\nraw";
    let (request, answer) =
        exchange(answer, async |client| client.patch_values(&vec!["a".to_owned()], &form).await).await;
    assert_eq!(
        request,
        "POST /values/a\naccept: image/png\ncontent-type: application/x-www-form-urlencoded\nage=3&claims=%7B%22k%22%3Atrue%7D&grant_type=code&scope=a+b&scope=c"
    );
    assert_eq!(answer.unwrap().body().as_ref(), b"raw");
}

#[tokio::test]
async fn an_optional_body_is_sent_or_not() {
    let value = vec!["a".to_owned()];
    let (request, _) = exchange(&json(200, "{}"), async |client| client.new_operation(&value, None).await).await;
    assert_eq!(request, "PUT /values/a\naccept: application/json");
    let (request, answer) =
        exchange(&json(200, r#"{"Some": {}}"#), async |client| client.new_operation(&value, "a,b").await).await;
    assert_eq!(request, "PUT /values/a\naccept: application/json\ncontent-type: text/csv\na,b");
    assert!(answer.unwrap().some.is_some());
}

#[tokio::test]
async fn answers_of_two_shapes_are_a_union() {
    let value = vec!["a".to_owned()];
    let patch = types::Patch::default().name(None);
    let (request, answer) =
        exchange(&json(202, r#"["a"]"#), async |client| client.patch_values_operation(&value, &patch).await).await;
    assert_eq!(
        request,
        "PATCH /values/a\naccept: application/json\ncontent-type: application/merge-patch+json\n{\"name\":null}"
    );
    assert!(matches!(answer.unwrap().into_inner(), types::PatchValuesOperationResponse::StringList(_)));
}

#[tokio::test]
async fn the_rarer_methods_and_bytes_are_sent() {
    let (request, _) = exchange(NOTHING, async |client| client.all_operation(&vec!["a".to_owned()]).await).await;
    assert!(request.starts_with("TRACE /values/a\n"), "{request}");
    let (request, _) = exchange(&json(200, "{}"), async |client| client.post_shapes("raw".into()).await).await;
    assert!(request.ends_with("content-type: application/octet-stream\nraw"), "{request}");
}

#[tokio::test]
async fn objects_are_sent_as_their_style_says() {
    let point = types::Point::default().x(1).y("a,b");
    let (request, _) = exchange(NOTHING, async |client| {
        client.get_objects(&point, &point, &point, &point, &point, &point, Some(&point)).await
    })
    .await;
    assert_eq!(
        request,
        "GET /objects/x,1,y%2F,a%2Cb/x=1,y%2F=a%2Cb?commas=x%2C1%2Cy%2F%2Ca%2Cb&x=1&y%2F=a%2Cb&pipes=x%7C1%7Cy%2F%7Ca%2Cb\naccept: application/json\nx-exploded: x=1,y/=a,b\nx-flat: x,1,y/,a,b"
    );
}

#[tokio::test]
async fn a_text_of_an_enumeration_may_be_a_body() {
    let (request, _) =
        exchange(NOTHING, async |client| client.patch_letter(&types::UnknownValueSchema::from("a")).await).await;
    assert_eq!(request, "PATCH /shapes\naccept: application/json\ncontent-type: application/json\n\"a\"");
}

#[tokio::test]
async fn query_in_a_path_is_sent_as_a_query() {
    let answer = "HTTP/1.1 200 Fine\r\ncontent-length: 3\r\nconnection: close\r\n\r\nraw";
    let (request, _) = exchange(answer, async |client| client.get_report_as_csv("a/b", Some(2)).await).await;
    assert_eq!(request, "GET /reports/a%2Fb?as=csv&raw&page=2\naccept: text/csv");
    let (request, _) = exchange(NOTHING, async |client| client.get_report("a", "x&y").await).await;
    assert_eq!(request, "GET /reports/a?as=x%26y\naccept: application/json");
    let (request, _) = exchange(NOTHING, async |client| client.archive_report("a").await).await;
    assert_eq!(request, "POST /reports/a\naccept: application/json");
}

#[tokio::test]
async fn operation_of_another_server_path_is_called_there() {
    let between = types::ListPricesBetween::default().from(5).zone(types::ListPricesBetweenZone::default().name("n"));
    let (request, _) = exchange(&json(200, "{}"), async |client| client.list_prices(Some(&between), None).await).await;
    assert_eq!(
        request,
        "GET /shop/v3/prices?between%5Bfrom%5D=5&between%5Bzone%5D%5Bname%5D=n\naccept: application/json"
    );
    let region = types::ListPricesRegion::from("NO");
    let (request, _) =
        exchange(&json(200, "{}"), async |client| client.list_prices(None, Some(region.clone())).await).await;
    assert_eq!(request, "GET /shop/v3/prices?region=NO\naccept: application/json");
}

#[tokio::test]
async fn form_is_written_as_its_encoding_says() {
    let map = |key: &str, value: &str| std::collections::HashMap::from([(key.to_owned(), value.to_owned())]);
    let form = types::PriceForm::new("a b")
        .labels(map("order", "6735"))
        .marks(vec!["x".to_owned(), "y".to_owned()])
        .extra(map("more", "1"))
        .zones(vec!["z".to_owned()]);
    let (request, _) = exchange(NOTHING, async |client| client.create_price(&form).await).await;
    let body = request.lines().last().unwrap();
    assert_eq!(body, "more=1&labels%5Border%5D=6735&marks=x%2Cy&name=a+b&zones=%5B%22z%22%5D");
}

#[tokio::test]
async fn subtype_is_sent_with_its_members() {
    let disc = types::Disc::new("disc", serde_json::Number::from_f64(1.5).unwrap());
    let (request, _) = exchange(&json(200, "[]"), async |client| client.put_figure(&disc.into()).await).await;
    assert_eq!(request.lines().last().unwrap(), r#"{"kind":"disc","radius":1.5}"#);
}
