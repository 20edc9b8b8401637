//! One small file, whole or not at all.

use std::io::Write;

use camino::Utf8Path;

use super::WriteError;

/// Replaces the content of a file: a temporary sibling, one sync, one rename. A link is followed; permissions stay.
pub fn replace_file(path: &Utf8Path, content: &[u8]) -> Result<(), WriteError> {
    let io = |error| WriteError::io(path, error);
    let real = path.canonicalize_utf8().map_err(io)?;
    let permissions = fs_err::metadata(&real).map_err(io)?.permissions();
    if permissions.readonly() {
        return Err(io(std::io::ErrorKind::PermissionDenied.into()));
    }
    let folder = real.parent().ok_or_else(|| WriteError::NoName { path: path.to_owned() })?;
    let mut file =
        tempfile::Builder::new().prefix(".solship-").tempfile_in(folder).map_err(without_name).map_err(io)?;
    file.write_all(content).map_err(io)?;
    file.as_file().set_permissions(permissions).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(&real).map_err(|error| io(error.error))?;
    Ok(())
}

/// Makes a file that is not there, readable by its owner alone: a temporary sibling, one sync, one rename.
pub fn create_file(path: &Utf8Path, content: &[u8]) -> Result<(), WriteError> {
    create(path, content, &mut tempfile::Builder::new())
}

/// The same with the permissions that the user's new files have, for what holds no secret.
pub fn create_plain_file(path: &Utf8Path, content: &[u8]) -> Result<(), WriteError> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    create(path, content, &mut builder)
}

fn create(
    path: &Utf8Path,
    content: &[u8],
    builder: &mut tempfile::Builder<'_, '_>,
) -> Result<(), WriteError> {
    let io = |error| WriteError::io(path, error);
    let folder = path.parent().ok_or_else(|| WriteError::NoName { path: path.to_owned() })?;
    let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    folder.metadata().map_err(io)?;
    let mut file = builder.prefix(".solship-").tempfile_in(folder).map_err(without_name).map_err(io)?;
    file.write_all(content).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist_noclobber(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// The error alone: the name of a temporary file, which comes with it, says nothing to whoever named another one.
fn without_name(error: std::io::Error) -> std::io::Error {
    error.kind().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_names_a_temporary_file() {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().join("none/a.json");
        let told = create_file(&path, b"x").unwrap_err().to_string();
        assert!(told.contains("none/a.json") && !told.contains(".solship-"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn a_plain_file_is_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let guard = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(guard.path()).unwrap();
        fs_err::write(folder.join("other"), "x").unwrap();
        create_plain_file(&folder.join("plain"), b"x").unwrap();
        create_file(&folder.join("own"), b"x").unwrap();
        let mode = |name| fs_err::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("plain"), mode("own")), (mode("other"), 0o600));
    }

    #[test]
    fn the_old_content_stays_when_the_new_one_cannot_be_written() {
        let guard = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(guard.path()).unwrap();
        let path = folder.join("order.txt");
        assert!(replace_file(&path, b"new").is_err());
        fs_err::write(&path, "old").unwrap();
        replace_file(&path, b"new").unwrap();
        assert_eq!(fs_err::read(&path).unwrap(), b"new");
        let mut permissions = fs_err::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs_err::set_permissions(&path, permissions).unwrap();
        assert!(matches!(replace_file(&path, b"newer"), Err(WriteError::NotWritable { .. })));
        assert_eq!(fs_err::read(&path).unwrap(), b"new");
        assert_eq!(fs_err::read_dir(folder).unwrap().count(), 1);
    }
}
