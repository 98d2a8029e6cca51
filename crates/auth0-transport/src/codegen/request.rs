//! Builds the requests of generated methods.

use http::{
    HeaderName, HeaderValue,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    multipart,
    parameters::{self, Encoding, Pairs},
};
use crate::{Bytes, Error, RequestBuilder, Response};

/// For generated code: parameters as OpenAPI's styles write them.
#[doc(hidden)]
impl RequestBuilder {
    /// Fills in the next segment. Commas separate the elements of a list, and the names and values of an object.
    pub fn segment_of<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, Error> {
        self.fill(parameters::json(value).and_then(|value| parameters::segment(value, ",")))
    }

    /// Fills in the next segment, with `name=value` for each property of an object.
    pub fn exploded_segment<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, Error> {
        self.fill(parameters::json(value).and_then(|value| parameters::segment(value, "=")))
    }

    /// Sets the query that the operation always has.
    pub fn fixed_query(self, query: &str) -> Self {
        self.try_with(|builder| {
            let (client, request) = builder.build_split();
            let mut request = request.map_err(Error::unsendable)?;
            request.url_mut().set_query(Some(query));
            Ok(reqwest::RequestBuilder::from_parts(client, request))
        })
    }

    /// Adds a parameter to the query: a list repeats its name, an object is written property by property, and `None` is not
    /// written.
    pub fn parameter<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.pairs(parameters::json(value).and_then(|value| parameters::query(name, value)))
    }

    /// Adds a parameter to the query as one string.
    pub fn joined_parameter<T: Serialize + ?Sized>(self, name: &str, value: &T, separator: &str) -> Self {
        let joined = parameters::json(value).and_then(|value| {
            if value.is_null() {
                return Ok(Pairs::new());
            }
            Ok(vec![(name.to_owned(), parameters::joined(value, separator, separator)?)])
        });
        self.pairs(joined)
    }

    /// Adds a parameter to the query whose properties have their names in brackets.
    pub fn deep_parameter<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        let mut pairs = Pairs::new();
        let value = parameters::json(value).and_then(|value| {
            if value.is_null() { Ok(()) } else { parameters::deep(name.to_owned(), value, &mut pairs) }
        });
        self.pairs(value.map(|()| pairs))
    }

    /// Adds a parameter to the query as JSON, unless it is `None`.
    pub fn json_parameter<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.pairs(
            parameters::json(value)
                .map(|value| if value.is_null() { Pairs::new() } else { vec![(name.to_owned(), value.to_string())] }),
        )
    }

    fn pairs(self, pairs: Result<Pairs, Error>) -> Self {
        self.try_with(|builder| {
            let pairs = pairs?;
            // An empty query would add a question mark.
            Ok(if pairs.is_empty() { builder } else { builder.query(&pairs) })
        })
    }

    /// Sends a parameter as a header, unless it is `None`.
    pub fn header_parameter<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.header_of(name, value, ",")
    }

    /// Sends a parameter as a header, with `name=value` for each property of an object.
    pub fn exploded_header<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.header_of(name, value, "=")
    }

    fn header_of<T: Serialize + ?Sized>(self, name: &'static str, value: &T, equals: &str) -> Self {
        self.try_with(|builder| {
            let value = parameters::json(value)?;
            if value.is_null() {
                return Ok(builder);
            }
            Ok(builder.header(name, parameters::joined(value, ",", equals)?))
        })
    }

    /// Sets the media type that is accepted.
    pub fn accept(self, media_type: &str) -> Self {
        self.media_type(ACCEPT, media_type)
    }

    /// Sets the media type of the body.
    pub fn content_type(self, media_type: &str) -> Self {
        self.media_type(CONTENT_TYPE, media_type)
    }

    fn media_type(self, name: HeaderName, media_type: &str) -> Self {
        match HeaderValue::from_str(media_type) {
            Ok(value) => self.header(name, value),
            Err(error) => self.try_with(|_| Err(Error::invalid_request(error))),
        }
    }

    /// Sends an object as a form.
    pub fn form<T: Serialize + ?Sized>(self, body: &T, encoding: &[(&str, Encoding)]) -> Self {
        self.try_with(|builder| Ok(builder.form(&parameters::form(parameters::json(body)?, encoding)?)))
    }

    /// Sends the properties of an object as parts. `media_types` has those of files.
    pub fn multipart<T: Serialize + ?Sized>(self, body: &T, media_types: &[(&str, &str)]) -> Self {
        match parameters::json(body).and_then(|body| multipart::write(body, media_types)) {
            Ok((content_type, body)) => self.content_type(&content_type).body(body),
            Err(error) => self.try_with(|_| Err(error)),
        }
    }

    /// Sends bytes or a string.
    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        self.with(|builder| builder.body(body))
    }

    /// Adds what is optional, if it is there.
    pub fn optional<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    /// Sends the request and decodes the body as JSON, or returns `None` for a status without a body.
    pub async fn send_optional_json<T: DeserializeOwned>(
        self,
        is_empty: impl FnOnce(u16) -> bool,
    ) -> Result<Response<Option<T>>, Error> {
        let response: Response<Bytes> = self.send().await?;
        if is_empty(response.status().as_u16()) {
            Ok(response.map(|_| None))
        } else {
            Ok(response.json::<T>()?.map(Some))
        }
    }
}
