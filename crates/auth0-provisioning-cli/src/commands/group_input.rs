//! Groups from arguments, lines, CSV, or JSON.

use auth0_provisioning::{GroupId, SelectedGroup};

use super::group_file;
use crate::{arguments::GroupsWrite, context::Context, failure::Failure, selection};

/// The groups that were given.
pub(super) async fn read(arguments: &GroupsWrite, context: &Context) -> Result<Vec<SelectedGroup>, Failure> {
    let Some(file) = &arguments.source.file else {
        let groups = arguments.source.ids.iter().map(|given| id(given).map(SelectedGroup::new));
        let groups = groups.collect::<Result<_, _>>().and_then(selection::each_once);
        return groups.map_err(|what| Failure::usage(what).remedy(SHAPES));
    };
    let text = context.read(file).await?;
    parse(&text)
        .and_then(selection::each_once)
        .map_err(|what| Failure::usage(format!("{}: {what}", file.display())).remedy(SHAPES))
}

const SHAPES: &str = "give ids, a line each; CSV with the column id, separated by commas, semicolons or tabs; or JSON with `groups` as Auth0's dashboard takes it";

fn parse(text: &str) -> Result<Vec<SelectedGroup>, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        return group_file::read(text).map_err(|error| error.to_string());
    }
    // Excel writes the separator that it uses into a line of its own.
    let (text, separator) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((first, rest)) => (rest, first.trim_end_matches('\r').bytes().next()),
        None => (text, None),
    };
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let columns = |separator: &u8| -> Vec<String> {
        let columns = header.split(char::from(*separator));
        columns.map(|name| name.trim().trim_matches('"').to_ascii_lowercase()).collect()
    };
    let separators = separator.map_or(vec![b',', b';', b'\t'], |separator| vec![separator]);
    if let Some(separator) = separators.iter().find(|separator| columns(separator).iter().any(|name| name == "id")) {
        return csv(text, *separator);
    }
    if let Some(separator) = separators.iter().find(|separator| columns(separator).len() > 1) {
        return Err(format!("line 1: the header has no column `id`; it has {}", columns(separator).join(", ")));
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            id(line.trim()).map(SelectedGroup::new).map_err(|error| format!("line {}: {error}", number + 1))
        })
        .collect()
}

fn csv(text: &str, separator: u8) -> Result<Vec<SelectedGroup>, String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let (id_at, name_at, email_at) = (place("id"), place("name"), place("email"));
    let count_at = place("direct_members_count").or_else(|| place("directMembersCount"));
    let mut groups = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |place: Option<usize>| place.and_then(|at| record.get(at)).filter(|text| !text.is_empty());
        let at = |what: String| format!("line {line}: {what}");
        let mut group = SelectedGroup::new(id(field(id_at).unwrap_or_default()).map_err(at)?);
        group.name = field(name_at).map(str::to_owned);
        group.email = field(email_at).map(str::to_owned);
        if let Some(count) = field(count_at) {
            let count = count.parse().map_err(|_| format!("line {line}: `{count}` is no number of members"))?;
            group.direct_members_count = Some(count);
        }
        groups.push(group);
    }
    Ok(groups)
}

fn id(text: &str) -> Result<GroupId, String> {
    text.parse().map_err(|error| format!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        parse(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn groups_come_as_lines_csv_or_json() {
        assert_eq!(ids("g1\n\n g2 \r\n"), ["g1", "g2"]);
        assert_eq!(ids("name,id\nEngineering,g1\n\"Sales, East\",g2\n"), ["g1 (Engineering)", "g2 (Sales, East)"]);
        assert_eq!(ids("\u{feff}ID;\n".replace(';', "").as_str()), Vec::<String>::new());
        assert_eq!(
            ids("name;id\r\nEngineering;g1\r\n\"Sales; East\";g2\r\n"),
            ["g1 (Engineering)", "g2 (Sales; East)"]
        );
        assert_eq!(ids("\"id\"\t\"name\"\ng1\tSales, East\n"), ["g1 (Sales, East)"]);
        assert_eq!(ids("sep=;\r\nid;name\r\ng1;Engineering\r\n"), ["g1 (Engineering)"]);
        assert_eq!(ids("id;name,email\ng1;Engineering\n"), ["g1"]);
        assert_eq!(ids(r#"{ "groups": [{ "id": "g1", "name": "Engineering" }] }"#), ["g1 (Engineering)"]);
        assert_eq!(ids(r#"["g1"]"#), ["g1"]);
        let counted = parse("id,direct_members_count\ng1,7\n").unwrap();
        assert_eq!(counted[0].direct_members_count, Some(7));
    }

    #[test]
    fn a_header_without_ids_is_told() {
        for text in ["Group,Name\ng1,Engineering\n", "Group;Name\ng1;Engineering\n", "Group\tName\ng1\tEngineering\n"] {
            let error = parse(text).unwrap_err();
            assert_eq!(error, "line 1: the header has no column `id`; it has group, name");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, place) in
            [("g1\ng-2", "line 2"), ("id\ng1\ng-2", "line 3"), ("id,direct_members_count\ng1,x", "line 2")]
        {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(place), "{error}");
        }
    }
}
