//! Log events.

use auth0_provisioning_api::logs::types::GetLogsParameters;

use super::request_of;

#[tokio::test]
async fn search() {
    let parameters = GetLogsParameters::default()
        .search("type:directory_sync_failed AND connection_id:con_0123456789abcdef")
        .sort("date:-1")
        .page(0_u64)
        .per_page(100);
    insta::assert_snapshot!(request_of(async |client| client.get_logs(&parameters).await).await);
}

#[tokio::test]
async fn after_an_event() {
    let parameters = GetLogsParameters::default().from("90020260505120000000000000000000001").take(100);
    insta::assert_snapshot!(request_of(async |client| client.get_logs(&parameters).await).await);
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(request_of(async |client| client.get_logs_by_id("9002026").await).await);
}
