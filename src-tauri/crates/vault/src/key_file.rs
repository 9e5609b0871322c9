//! `app.key`: 64 hexadecimal characters in a file that only its owner can read.

use crate::{Home, Random, VaultError};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The file's name in the data directory.
const FILE_NAME: &str = "app.key";
/// More than a key file ever holds, in bytes; a larger one is damaged.
const FILE_BYTES_MAX: u64 = 256;

/// The key in `data_dir`, or nothing when there is no such file.
///
/// # Errors
/// [`VaultError`] when others can read the file, when it holds anything else, or when reading fails.
pub(crate) fn read(data_dir: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
    let path = data_dir.join(FILE_NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(VaultError::File { path, source }),
    };
    refuse_open_to_others(&file, &path)?;
    let mut text = Zeroizing::new(String::new());
    match file.take(FILE_BYTES_MAX).read_to_string(&mut text) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return Err(VaultError::Damaged { home: Home::File });
        }
        Err(source) => return Err(VaultError::File { path, source }),
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map(Zeroizing::new);
    let key = bytes.ok().and_then(|b| <[u8; 32]>::try_from(b.as_slice()).ok());
    key.map(|k| Some(Zeroizing::new(k))).ok_or(VaultError::Damaged { home: Home::File })
}

/// Writes `key` unless a key is there already, and says which key is there now. Atomic: the file appears whole,
/// and of two processes that create it at once one wins and both answer with its key.
///
/// # Errors
/// [`VaultError`] when writing fails, or as [`read`] for a file that another process wrote.
pub(crate) fn create(
    data_dir: &Path,
    key: &[u8; 32],
    random: Random<'_>,
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let mut suffix = [0_u8; 8];
    random(&mut suffix);
    let draft = data_dir.join(format!("{FILE_NAME}.{}", HEXLOWER.encode(&suffix)));
    let path = data_dir.join(FILE_NAME);
    let linked = write_draft(&draft, key).and_then(|()| fs::hard_link(&draft, &path));
    let removed = fs::remove_file(&draft);
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => {}
        Err(source) => return Err(VaultError::File { path, source }),
    }
    let settled = removed.and_then(|()| sync_directory(data_dir));
    settled.map_err(|source| VaultError::File { path: draft, source })?;
    read(data_dir)?.ok_or(VaultError::KeyGone { home: Home::File })
}

fn write_draft(draft: &PathBuf, key: &[u8; 32]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    let text = Zeroizing::new(HEXLOWER.encode(key));
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(unix)]
fn refuse_open_to_others(file: &File, path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|source| VaultError::File { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::FileOpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_open_to_others(_file: &File, _path: &Path) -> Result<(), VaultError> {
    Ok(())
}

/// Makes the new name survive a power cut; only Unix can and must do that.
#[cfg(unix)]
fn sync_directory(data_dir: &Path) -> io::Result<()> {
    File::open(data_dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_data_dir: &Path) -> io::Result<()> {
    Ok(())
}
