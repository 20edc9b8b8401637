//! Files that git hands over, and time: no link is followed, nothing over a limit is read, and nothing takes longer than allowed.

use std::io::Read;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use camino::Utf8Path;

/// The bytes of a file. The error says in words why they are not read, without the name that git gave the file.
pub(super) fn read(path: &Utf8Path, most: u64) -> Result<Vec<u8>, String> {
    let words = |error: std::io::Error| error.kind().to_string();
    let metadata = fs_err::symlink_metadata(path).map_err(words)?;
    if !metadata.is_file() {
        return Err("a link, or no file".to_owned());
    }
    if metadata.len() > most {
        return Err(format!("{} bytes are over the limit of {most}", metadata.len()));
    }
    let file = fs_err::File::open(path).map_err(words)?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(words)?;
    if bytes.len() as u64 > most {
        return Err(format!("over the limit of {most} bytes"));
    }
    Ok(bytes)
}

/// What is worked out within that many seconds. What is not done by then ends with the process.
pub(super) fn within<T: Send + 'static>(
    seconds: u64,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = channel();
    let worker = std::thread::Builder::new().name("bounded".to_owned()).spawn(move || {
        // Whoever waited for it may have given up.
        let _ = sender.send(work());
    });
    worker.map_err(|error| error.to_string())?;
    match receiver.recv_timeout(Duration::from_secs(seconds)) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => Err(format!("it takes longer than the limit of {seconds} seconds")),
        Err(RecvTimeoutError::Disconnected) => Err("a fault of solship".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_size_are_limited() {
        assert_eq!(within(5, || Ok(1)), Ok(1));
        assert!(
            within::<()>(0, || loop {
                std::thread::sleep(Duration::from_secs(1))
            })
            .is_err()
        );
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().join("x");
        fs_err::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5), Ok(b"12345".to_vec()));
        assert!(read(&path, 4).unwrap_err().contains("limit of 4"));
        assert!(read(path.parent().unwrap(), 4).is_err());
    }
}
