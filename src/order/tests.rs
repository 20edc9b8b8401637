use super::*;

fn names(order: &Order) -> Vec<&str> {
    order.rows.iter().map(|row| &*row.name).collect()
}

/// Reads, moves, and checks that what was written lists the rows in that order.
fn moved(file: &str, text: &str, order: &[usize]) -> String {
    let read = Order::read(file, text.as_bytes().to_vec()).unwrap();
    let identity: Vec<usize> = (0..read.rows.len()).collect();
    assert_eq!(read.rearranged(&identity), text);
    let written = read.rearranged(order);
    let again = Order::read(file, written.clone().into_bytes()).unwrap();
    let expected: Vec<&str> = order.iter().map(|&at| &*read.rows[at].name).collect();
    assert_eq!(names(&again), expected, "{written}");
    written
}

#[test]
fn a_list_keeps_everything_but_the_order() {
    let text =
        "\u{feff}# the release\r\n\r\n# robots\r\nFabFlows   # last?\r\n\r\n  dist/FabShared.zip\r\n# end";
    let expected =
        "\u{feff}# the release\r\n\r\ndist/FabShared.zip\r\n\r\n  # robots\r\nFabFlows   # last?\r\n# end";
    assert_eq!(moved("order.txt", text, &[1, 0]), expected);
    let order = Order::read("order.txt", text.into()).unwrap();
    assert_eq!(order.kind, OrderKind::List);
    assert_eq!(order.rows[0].place.to_string(), "order.txt:4:1");
    assert!(!order.rows[0].is_file() && order.rows[1].is_file());
    assert_eq!(order.rows[1].file_name(), "FabShared.zip");
}

#[test]
fn a_list_without_a_last_line_end() {
    assert_eq!(moved("order", "A # one\nB", &[1, 0]), "B\nA # one");
    assert_eq!(moved("order", "A\nB # two", &[1, 0]), "B # two\nA");
}

#[test]
fn an_import_config_keeps_everything_but_the_order() {
    let text = r#"<?xml version="1.0" encoding="utf-16"?>
<configdatastorage installsampledata="false">
  <solutions>
    <!-- all of them -->

    <!-- flows -->
    <configsolutionfile solutionpackagefilename="FabFlows.zip" overwriteunmanagedcustomizations="true"/> <!-- B -->
    <!-- shared,
         with a connector -->
    <configsolutionfile solutionpackagefilename='FabShared.zip'></configsolutionfile>
    <!-- no more -->
  </solutions>
  <filestoimport />
</configdatastorage>
"#
    .replace(r#" encoding="utf-16""#, "");
    let expected = r#"<?xml version="1.0"?>
<configdatastorage installsampledata="false">
  <solutions>
    <!-- all of them -->

    <!-- shared,
         with a connector -->
    <configsolutionfile solutionpackagefilename='FabShared.zip'></configsolutionfile>
    <!-- flows -->
    <configsolutionfile solutionpackagefilename="FabFlows.zip" overwriteunmanagedcustomizations="true"/> <!-- B -->
    <!-- no more -->
  </solutions>
  <filestoimport />
</configdatastorage>
"#;
    assert_eq!(moved("ImportConfig.xml", &text, &[1, 0]), expected);
    let order = Order::read("ImportConfig.xml", text.into()).unwrap();
    assert_eq!(order.rows[0].place.to_string(), "ImportConfig.xml:7:5");
    assert!(
        order.rows[0].excerpt.starts_with("<configsolutionfile solutionpackagefilename=\"FabFlows.zip\"")
    );
    assert!(order.rows[0].excerpt.ends_with('…') && order.rows[0].excerpt.chars().count() == 101);
}

#[test]
fn every_comment_on_the_line_of_a_row_travels_with_it() {
    let row = |name: &str| {
        format!(r#"<configsolutionfile solutionpackagefilename="{name}.zip"></configsolutionfile>"#)
    };
    let text = |rows: [String; 2]| {
        format!(
            "<configdatastorage><solutions> <!-- all -->\n{}\n{}\n</solutions></configdatastorage>",
            rows[0], rows[1]
        )
    };
    let first = format!("<!-- c1 --> <!-- c2 -->\n{} <!-- t1 --> <!-- t2 -->", row("A"));
    let second = format!("{}<!-- t3 -->", row("B"));
    assert_eq!(moved("x.xml", &text([first.clone(), second.clone()]), &[1, 0]), text([second, first]));
}

#[test]
fn an_import_config_of_one_line() {
    let row = |name: &str| format!(r#"<configsolutionfile solutionpackagefilename="{name}.zip"/>"#);
    let text = |rows: &[&str]| {
        let rows: String = rows.iter().map(|name| row(name)).collect();
        format!("<configdatastorage><solutions>{rows}</solutions></configdatastorage>")
    };
    assert_eq!(moved("x.xml", &text(&["A", "B", "C"]), &[2, 0, 1]), text(&["C", "A", "B"]));
}

#[test]
fn a_toml_keeps_everything_but_the_order() {
    let text = r#"solutions = ["src/*"] # order = ["no"]
order = [ # from the first
  # identities
  "FabRobotAccess", # credentials
  'FabShared',

  # flows
  "FabFlows" # no comma
]
[levels]
"#;
    let expected = r#"solutions = ["src/*"] # order = ["no"]
order = [ # from the first
  # flows
  "FabFlows", # no comma
  # identities
  "FabRobotAccess", # credentials

  'FabShared'
]
[levels]
"#;
    assert_eq!(moved("solship.toml", text, &[2, 0, 1]), expected);
}

#[test]
fn a_toml_of_one_line() {
    assert_eq!(moved("solship.toml", "order = [\"A\", \"B\" ]\n", &[1, 0]), "order = [\"B\", \"A\" ]\n");
    let text = "order = [\"A\", \"B\", # two\n \"C\"]";
    assert_eq!(moved("a.TOML", text, &[1, 0, 2]), "order = [\"B\", # two\n \"A\",\n \"C\"]");
}

#[test]
fn what_is_no_order_is_refused() {
    for (file, text, expected) in [
        ("o.txt", "\n# nothing\n", "o.txt: no solution is listed here"),
        (
            "o.xml",
            "<Mapping/>",
            "o.xml:1:1: <Mapping> where <configdatastorage> is expected: this is no ImportConfig.xml",
        ),
        ("o.xml", "<configdatastorage><solutions/></configdatastorage>", "o.xml: no solution is listed here"),
        (
            "o.xml",
            "<configdatastorage><solutions>\n<configsolutionfile/></solutions></configdatastorage>",
            "o.xml:2:1: <configsolutionfile> needs the attribute solutionpackagefilename",
        ),
        ("s.toml", "a = 1", "s.toml: no solution is listed here"),
        (
            "s.toml",
            "\norder = 1",
            "s.toml:2:9: `order` must be an array of unique names or files, such as [\"FabShared\", \"FabFlows.zip\"]",
        ),
    ] {
        assert_eq!(Order::read(file, text.into()).unwrap_err().to_string(), expected);
    }
    assert!(Order::read("s.toml", b"order = [".to_vec()).unwrap_err().to_string().starts_with("s.toml:1:"));
    assert!(Order::read("x", b"\xFF\xFEA\0".to_vec()).unwrap_err().to_string().contains("UTF-16"));
}

#[test]
fn an_import_config_of_another_hand() {
    let row = |name: &str| {
        format!("    <configsolutionfile solutionpackagefilename='{name}.zip' ></configsolutionfile>\r\n")
    };
    let text = |rows: [&str; 4]| {
        let rows = rows.map(row);
        format!(
            "\u{feff}<?xml version='1.0'?>\r\n<configdatastorage xmlns:xsi=\"urn:xsi\" xmlns=\"urn:any\">\r\n  \
             <agentdesktop><![CDATA[ <solutions> ]]></agentdesktop>\r\n  <solutions>\r\n{}{}  </solutions>\r\n  \
             <solutions>\r\n{}{}  </solutions>\r\n</configdatastorage>\r\n",
            rows[0], rows[1], rows[2], rows[3]
        )
    };
    assert_eq!(moved("x.xml", &text(["A", "B", "C", "D"]), &[3, 1, 0, 2]), text(["D", "B", "A", "C"]));
}

#[test]
fn a_toml_with_texts_of_several_lines() {
    let text = "order = [\r\n  # a\r\n  \"\"\"A\"\"\", # \"B\"\r\n  '''\r\nB''',\r\n]\r\n";
    let expected = "order = [\r\n  '''\r\nB''',\r\n  # a\r\n  \"\"\"A\"\"\", # \"B\"\r\n]\r\n";
    assert_eq!(moved("s.toml", text, &[1, 0]), expected);
}

#[test]
fn every_row_of_a_long_line_shows_itself() {
    let count = 50_000;
    let rows: Vec<String> = (0..count).map(|number| format!("\"Sölution{number}\"")).collect();
    let order = Order::read("s.toml", format!("order = [{}]", rows.join(",")).into_bytes()).unwrap();
    assert_eq!(order.rows.len(), count);
    let last = &order.rows[count - 1];
    assert_eq!((&*last.excerpt, last.place.line), ("\"Sölution49999\"]", 1));
    assert!(order.rows[7].excerpt.starts_with("\"Sölution7\",") && order.rows[7].excerpt.ends_with('…'));
}

#[test]
fn deep_toml_is_refused() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("{}b = 1", "a.".repeat(100_000)),
        "[a".repeat(50_000),
    ] {
        assert!(Order::read("s.toml", text.into_bytes()).unwrap_err().to_string().starts_with("s.toml"));
    }
}
