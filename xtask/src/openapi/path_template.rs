//! Paths as documents write them: with parameters in braces, and sometimes with a query or a fragment behind them.

/// A path, and the query that the document writes behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathTemplate<'p> {
    pub(crate) path: &'p str,
    /// What is always sent, as it is written.
    pub(crate) fixed: Vec<&'p str>,
    /// The key of each parameter in the query, and the parameter's name.
    pub(crate) parameters: Vec<(&'p str, &'p str)>,
}

impl<'p> PathTemplate<'p> {
    /// Splits a path. A fragment only makes paths of operations distinct; no request can carry it, and it is left out.
    pub(crate) fn new(text: &'p str) -> Self {
        let text = before(text, '#');
        // `{?name,other}` and `{&name}` are the query's form in URI templates.
        let end =
            [before(text, '?').len(), text.find("{?").unwrap_or(text.len()), text.find("{&").unwrap_or(text.len())];
        let (path, query) = text.split_at(end.into_iter().min().unwrap_or(text.len()));
        let mut template = Self { path, ..Self::default() };
        let (query, expansions) = query.split_at(query.find("{?").or_else(|| query.find("{&")).unwrap_or(query.len()));
        for piece in query.trim_start_matches('?').split('&').filter(|piece| !piece.is_empty()) {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            match value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) {
                Some(name) => template.parameters.push((key, name)),
                None => template.fixed.push(piece),
            }
        }
        let names = expansions.split(['{', '}', '?', '&', ',']).filter(|name| !name.is_empty());
        template.parameters.extend(names.map(|name| (name, name)));
        template
    }

    /// The path with the names of its parameters left out.
    pub(crate) fn nameless(text: &str) -> String {
        let mut template = String::new();
        let mut rest = text;
        while let Some((before, (_, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            template.push_str(before);
            template.push_str("{}");
            rest = after;
        }
        template + rest
    }

    /// The names of the parameters of a path, in order.
    pub(crate) fn names(text: &str) -> Vec<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }
}

/// What comes before a character that stands outside of braces.
fn before(text: &str, wanted: char) -> &str {
    let mut depth = 0_usize;
    let end = text.char_indices().find(|(_, one)| {
        match one {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *one == wanted
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_query_and_fragment_off_a_path() {
        for (text, path, fixed, parameters) in [
            ("/a/{id}", "/a/{id}", vec![], vec![]),
            ("/a/{id}?format=csv", "/a/{id}", vec!["format=csv"], vec![]),
            ("/a?acl&b=1#copy", "/a", vec!["acl", "b=1"], vec![]),
            ("/a#copy?b=1", "/a", vec![], vec![]),
            ("/a?kind=x&id={id}", "/a", vec!["kind=x"], vec![("id", "id")]),
            ("/a{?page,limit}", "/a", vec![], vec![("page", "page"), ("limit", "limit")]),
            ("/a?b=1{&page}", "/a", vec!["b=1"], vec![("page", "page")]),
            ("/a/{odd?name}/b", "/a/{odd?name}/b", vec![], vec![]),
        ] {
            assert_eq!(PathTemplate::new(text), PathTemplate { path, fixed, parameters }, "{text}");
        }
    }

    #[test]
    fn paths_are_matched_without_the_names_of_their_parameters() {
        assert_eq!(PathTemplate::nameless("/a/{id}/b/{other}"), "/a/{}/b/{}");
        assert_eq!(PathTemplate::nameless("/a/{broken"), "/a/{broken");
        assert_eq!(PathTemplate::names("/a/{id}/b/{other}"), ["id", "other"]);
    }
}
