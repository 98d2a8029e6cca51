//! Files of the token store that another program changed.

use std::{fs, time::Duration};

use auth0_transport::{FileTokenStore, StoredToken, TokenStore};

use crate::{Reader, assert_has_reason, runtime::block_on};

/// The bytes are the file.
pub const READER: Reader = Reader {
    name: "token_files",
    reads: "files of the token store",
    run,
    samples: &[
        "{\"key\":\"key\",\"access_token\":\"abc\",\"expires_at\":1790000000,\"lifetime\":86400,\"scopes\":\"a b\"}",
        "{\"key\":\"key\",\"access_token\":\"a\\nb\",\"expires_at\":18446744073709551615,\"lifetime\":0}",
    ],
};

fn run(data: &[u8]) {
    block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let store = FileTokenStore::new(folder.path());
        let token = StoredToken::new("abc", Duration::from_secs(60));
        store.save("key", &token).await.expect("it can be saved");
        let file = fs::read_dir(folder.path()).expect("the folder").next().expect("one file").expect("its entry");
        fs::write(file.path(), data).expect("it can be written");
        match store.load("key").await {
            Ok(Some(token)) => assert_has_reason(&format!("{token:?}")),
            Ok(None) => {}
            Err(error) => assert_has_reason(&error.to_string()),
        }
        store.save("key", &token).await.expect("it can be replaced");
        assert!(store.load("key").await.expect("it can be read").is_some());
    });
}
