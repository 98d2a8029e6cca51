//! The query `q`, in a part of Lucene's syntax: one prefix of a name or an email.

use crate::state::groups::GroupMetadata;

/// A prefix search such as `name:engineering*`. Case is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LucenePrefix {
    field: Field,
    /// In lower case.
    prefix: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Name,
    Email,
}

impl LucenePrefix {
    /// Reads a query. Returns `None` if it is not one prefix of a name or an email.
    ///
    /// A backslash escapes a character: `name:big\ team*` contains a space.
    pub(crate) fn parse(query: &str) -> Option<Self> {
        let (field, rest) = query.split_once(':')?;
        let field = match field {
            "name" => Field::Name,
            "email" => Field::Email,
            _ => return None,
        };
        let mut prefix = String::new();
        let mut rest = rest.chars();
        while let Some(character) = rest.next() {
            match character {
                '*' => return rest.next().is_none().then(|| Self { field, prefix: prefix.to_lowercase() }),
                '\\' => prefix.push(rest.next()?),
                '+' | '-' | '!' if prefix.is_empty() => return None,
                '(' | ')' | '{' | '}' | '[' | ']' | '^' | '"' | '~' | '?' | ':' | '/' | '&' | '|' => return None,
                character if character.is_whitespace() => return None,
                character => prefix.push(character),
            }
        }
        None
    }

    pub(crate) fn matches(&self, group: &GroupMetadata) -> bool {
        let value = match self.field {
            Field::Name => &group.name,
            Field::Email => &group.email,
        };
        value.as_ref().is_some_and(|value| value.to_lowercase().starts_with(&self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> GroupMetadata {
        GroupMetadata { name: Some(name.to_owned()), ..GroupMetadata::default() }
    }

    #[test]
    fn prefix_matches_one_field_in_any_case() {
        let query = LucenePrefix::parse("name:Engineer*").unwrap();
        assert!(query.matches(&named("engineering")));
        assert!(query.matches(&named("ENGINEERS")));
        assert!(!query.matches(&named("the engineers")));
        assert!(!query.matches(&GroupMetadata { email: Some("engineer@acme.test".to_owned()), ..named("x") }));
        assert!(LucenePrefix::parse(r"name:big\ team*").unwrap().matches(&named("Big Team 7")));
        let by_email = LucenePrefix::parse("email:all+eu@acme.test*").unwrap();
        assert!(by_email.matches(&GroupMetadata { email: Some("All+EU@acme.test".to_owned()), ..named("x") }));
    }

    #[test]
    fn other_syntax_is_rejected() {
        let rejected = [
            "",
            "name",
            "engineering*",
            "name:engineering",
            "id:1*",
            "name:a* OR name:b*",
            "name:a b*",
            "name:a*b*",
            "name:*a",
            "NOT name:a*",
            "name:a?*",
            "name:\"a\"*",
            "name:-a*",
            "(name:a*)",
            "name:[a TO b]*",
            "name:a**",
            "name:a\\",
        ];
        for query in rejected {
            assert_eq!(LucenePrefix::parse(query), None, "{query}");
        }
    }
}
