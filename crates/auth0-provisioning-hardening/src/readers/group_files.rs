//! Files of groups: lines with ids, CSV, and the JSON file of Auth0's dashboard.

use super::declarations::reads;
use crate::Reader;

/// The bytes are the file.
pub const READER: Reader = Reader {
    name: "group_files",
    reads: "files of groups: lines, CSV, JSON",
    run,
    samples: &[
        "id,name,email,direct_members_count\n01,Admins,admins@example.com,4\n",
        "01abc\n02def\n",
        "{\"groups\":[{\"id\":\"01\",\"name\":\"Admins\",\"email\":\"a@example.com\",\"direct_members_count\":1}]}",
        "\u{feff}\"id\";\"name\"\r\n\"1\";\"a\"\"b\"\r\n",
    ],
};

fn run(data: &[u8]) {
    reads("a0p --demo groups reconcile acme-workspace -f - --dry-run --allow-empty", data);
}
