//! Groups from arguments, lines, CSV, or JSON.

use auth0_provisioning::{GroupId, SelectedGroup};

use super::group_file;
use crate::{arguments::GroupsWrite, context::Context, failure::Failure, selection};

const SHAPES: &str = "give ids, one in each line; CSV with the column id, separated by commas, semicolons or tabs; or JSON with \
                      `groups`, as Auth0's dashboard accepts it";

/// Returns the groups of the arguments, each once.
pub(super) async fn read(arguments: &GroupsWrite, context: &Context) -> Result<Vec<SelectedGroup>, Failure> {
    let groups = match &arguments.source.file {
        None => arguments.source.ids.iter().map(|given| id(given).map(SelectedGroup::new)).collect(),
        Some(file) => parse(&context.input.file(file).await?),
    };
    groups.and_then(selection::without_duplicates).map_err(|reason| {
        let failure = Failure::usage(reason).remedy(SHAPES);
        arguments.source.file.iter().fold(failure, |failure, file| failure.at(file.display()))
    })
}

fn parse(text: &str) -> Result<Vec<SelectedGroup>, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        return group_file::read(text).map_err(|error| error.to_string());
    }
    // Excel writes its separator into a line before the header.
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
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let groups = lines.map(|(number, line)| match id(line.trim()) {
        Ok(id) => Ok(SelectedGroup::new(id)),
        Err(error) => Err(format!("line {number}: {error}")),
    });
    groups.collect()
}

fn csv(text: &str, separator: u8) -> Result<Vec<SelectedGroup>, String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let (id_at, name_at, email_at) = (column("id"), column("name"), column("email"));
    let count_at = column("direct_members_count").or_else(|| column("directMembersCount"));
    let mut groups = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |at: Option<usize>| record.get(at?).filter(|text| !text.is_empty());
        let id = id(field(id_at).unwrap_or_default()).map_err(|error| format!("line {line}: {error}"))?;
        let mut group = SelectedGroup::new(id);
        group.name = field(name_at).map(str::to_owned);
        group.email = field(email_at).map(str::to_owned);
        if let Some(count) = field(count_at) {
            let number = count.parse().map_err(|_| format!("line {line}: `{count}` is not a number of members"))?;
            group.direct_members_count = Some(number);
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
    fn reads_lines_csv_and_json() {
        assert_eq!(ids("g1\n\n g2 \r\n"), ["g1", "g2"]);
        assert_eq!(ids("name,id\nEngineering,g1\n\"Sales, East\",g2\n"), ["g1 (Engineering)", "g2 (Sales, East)"]);
        assert_eq!(ids("\u{feff}ID\n"), Vec::<String>::new());
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
    fn rejects_header_without_id() {
        for text in ["Group,Name\ng1,Engineering\n", "Group;Name\ng1;Engineering\n", "Group\tName\ng1\tEngineering\n"] {
            let error = parse(text).unwrap_err();
            assert_eq!(error, "line 1: the header has no column `id`; it has group, name");
        }
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line) in
            [("g1\ng-2", "line 2"), ("id\ng1\ng-2", "line 3"), ("id,direct_members_count\ng1,x", "line 2")]
        {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(line), "{error}");
        }
    }
}
