//! Encodes segments of paths.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Error;

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a string as one segment of a path.
///
/// Percent-encodes all characters except ASCII letters, digits, `-`, `.`, `_` and `~`.
///
/// # Errors
///
/// Returns [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for the empty segment, `.` and `..`. URL parsers
/// remove them in any encoding, so the request would go to another path.
///
/// ```
/// # fn main() -> Result<(), auth0_transport::Error> {
/// use auth0_transport::encode_segment;
///
/// assert_eq!(encode_segment("con_0123456789abcdef")?, "con_0123456789abcdef");
/// assert_eq!(encode_segment("a/../b?c")?, "a%2F..%2Fb%3Fc");
/// assert!(encode_segment("..").is_err());
/// # Ok(())
/// # }
/// ```
pub fn encode_segment(segment: &str) -> Result<String, Error> {
    if matches!(segment, "" | "." | "..") {
        return Err(Error::invalid_request(format!(
            "{segment:?} cannot be a segment of a path: it would change the path"
        )));
    }
    Ok(utf8_percent_encode(segment, RESERVED).collect())
}

#[cfg(test)]
mod tests {
    use super::encode_segment;

    #[test]
    fn segment_is_one_segment_of_the_parsed_path() {
        for segment in [
            "/",
            "\\",
            "%2e%2e",
            "a/../..",
            "?q=1",
            "#top",
            "a b",
            "a\tb\n",
            "\0",
            "é",
            "con_1;x=1",
            "@:",
            "...",
            ".%2e",
        ] {
            let encoded = encode_segment(segment).unwrap();
            let url = url::Url::parse(&format!("https://acme.auth0.com/api/v2/connections/{encoded}/x")).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            assert_eq!(segments.len(), 5, "{segment:?} became {url}");
            let decoded = percent_encoding::percent_decode_str(segments[3]).decode_utf8().unwrap();
            assert_eq!(decoded, segment);
            assert_eq!((url.query(), url.fragment()), (None, None));
        }
    }

    #[test]
    fn dot_segments_are_errors() {
        for segment in ["", ".", ".."] {
            let error = encode_segment(segment).unwrap_err();
            assert!(error.to_string().contains(&format!("{segment:?}")), "{error}");
        }
    }
}
