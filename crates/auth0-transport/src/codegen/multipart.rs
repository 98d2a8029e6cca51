//! Writes bodies of parts.

use serde_json::Value;

use super::parameters::string;
use crate::Error;

/// The media type of the body, with the line between its parts, and the body. `media_types` has those of
/// files, whose characters stand for bytes. Each element of a list is a part.
pub(super) fn write(body: Value, media_types: &[(&str, &str)]) -> Result<(String, Vec<u8>), Error> {
    let Value::Object(properties) = body else {
        return Err(Error::invalid_request("only an object can be sent in parts"));
    };
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, value) in properties.into_iter().filter(|(_, value)| !value.is_null()) {
        let media_type = media_types.iter().find(|(property, _)| *property == name).map(|(_, media_type)| *media_type);
        let elements = if let Value::Array(elements) = value { elements } else { vec![value] };
        for element in elements {
            let (head, content) = part(&name, media_type, element)?;
            parts.push((head, content));
        }
    }
    let mut boundary = String::from("part");
    while parts.iter().any(|(_, content)| contains(content, boundary.as_bytes())) {
        boundary = format!("part-{:016x}", fastrand::u64(..));
    }
    let mut body = Vec::new();
    for (head, content) in parts {
        body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        body.extend(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body))
}

fn part(name: &str, media_type: Option<&str>, value: Value) -> Result<(String, Vec<u8>), Error> {
    let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let disposition = format!("content-disposition: form-data; name=\"{name}\"");
    match (media_type, value) {
        (media_type, value @ (Value::Object(_) | Value::Array(_))) => {
            let media_type = media_type.unwrap_or("application/json");
            Ok((format!("{disposition}\r\ncontent-type: {media_type}"), value.to_string().into_bytes()))
        }
        (None, value) => Ok((disposition, string(value)?.into_bytes())),
        (Some(media_type), value) => {
            let text = string(value)?;
            let bytes: Option<Vec<u8>> = text.chars().map(|one| u8::try_from(u32::from(one)).ok()).collect();
            let head = format!("{disposition}; filename=\"{name}\"\r\ncontent-type: {media_type}");
            Ok((head, bytes.unwrap_or_else(|| text.into_bytes())))
        }
    }
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::write;
    use crate::codegen::values::File;

    #[test]
    fn files_are_sent_byte_by_byte() {
        let file = File::from([0xff, b'a', 0x00]);
        let body = json!({"flag": true, "gone": null, "more": {"a": 1}, "tags": ["x", "ł"], "users": file});
        let (media_type, body) = write(body, &[("users", "application/octet-stream")]).unwrap();
        assert_eq!(media_type, "multipart/form-data; boundary=part");
        let expected = [
            b"--part\r\ncontent-disposition: form-data; name=\"flag\"\r\n\r\ntrue\r\n".as_slice(),
            b"--part\r\ncontent-disposition: form-data; name=\"more\"\r\ncontent-type: application/json\r\n\r\n{\"a\":1}\r\n",
            b"--part\r\ncontent-disposition: form-data; name=\"tags\"\r\n\r\nx\r\n",
            "--part\r\ncontent-disposition: form-data; name=\"tags\"\r\n\r\nł\r\n".as_bytes(),
            b"--part\r\ncontent-disposition: form-data; name=\"users\"; filename=\"users\"\r\ncontent-type: application/octet-stream\r\n\r\n\xffa\x00\r\n--part--\r\n",
        ];
        assert_eq!(String::from_utf8_lossy(&body), String::from_utf8_lossy(&expected.concat()));
    }

    #[test]
    fn boundary_is_in_no_part() {
        let (media_type, body) = write(json!({"a": "part"}), &[]).unwrap();
        let boundary = media_type.split_once('=').unwrap().1;
        assert_ne!(boundary, "part");
        assert_eq!(String::from_utf8_lossy(&body).matches(boundary).count(), 2);
    }
}
