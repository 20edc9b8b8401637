//! The connections of an environment, and who its components are shared with, as text.

use super::json_connections::{ListedConnection, ListedShare};
use super::page::{Page, Table, plain};

/// Connections, one a line.
pub fn connections(connections: &[ListedConnection]) -> String {
    let mut page = Page::new(false);
    if connections.is_empty() {
        page.line(0, &[plain("no connections")]);
    }
    let mut table = Table::new(0);
    for connection in connections {
        let sign_in = match (&connection.credential, &connection.parameter_set) {
            (Some(credential), _) => format!("signs in with {}", credential.title),
            (None, Some(set)) => set.clone(),
            (None, None) => String::new(),
        };
        table.row([
            plain(&connection.id),
            plain(&connection.connector),
            plain(&connection.name),
            plain(connection.bound.join(", ")),
            plain(sign_in),
            plain(waits(connection)),
        ]);
    }
    table.write(&mut page);
    page.finish()
}

/// What a connection waits for.
fn waits(connection: &ListedConnection) -> String {
    let mut waits = connection.lacks.clone();
    if connection.outdated {
        waits.push("made before April 2024: sign it in again".to_owned());
    }
    waits.join("; ")
}

/// Shares, one a line, with what the role allows.
pub fn shares(shares: &[ListedShare]) -> String {
    let mut page = Page::new(false);
    if shares.is_empty() {
        page.line(0, &[plain("nothing is shared")]);
    }
    let mut table = Table::new(0);
    for share in shares {
        let access = share.access;
        let may = [
            (access.use_it, "use"),
            (access.edit, "edit"),
            (access.delete, "delete"),
            (access.share, "share"),
        ];
        let may: Vec<&str> = may.into_iter().filter_map(|(may, word)| may.then_some(word)).collect();
        table.row([
            plain(&share.title),
            plain(&share.principal),
            plain(share.role.name()),
            plain(format!("may {}", may.join(", "))),
        ]);
    }
    table.write(&mut page);
    page.finish()
}
