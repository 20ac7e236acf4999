//! Reading a master key, and refusing what is none.

use std::path::Path;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretBox;

/// Reads a master key: 32 bytes in base64.
pub fn read_key_file(path: &Path) -> anyhow::Result<SecretBox<[u8; 32]>> {
    let text = std::fs::read_to_string(path).context("cannot be read")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).context("cannot be read")?.permissions().mode();
        if mode & 0o027 != 0 {
            bail!("others can read or change it (mode {:03o}): chmod 600 {}", mode & 0o777, path.display());
        }
    }
    read_key(&text)
}

/// How many different bytes a key has at least: of 32 random ones some 30 differ, and fewer than this never come by chance.
const LEAST_DIFFERENT: usize = 16;

pub(super) fn read_key(text: &str) -> anyhow::Result<SecretBox<[u8; 32]>> {
    let bytes = STANDARD.decode(text.trim()).ok().context("is not base64")?;
    let key: [u8; 32] = bytes.try_into().ok().context("is not 32 bytes")?;
    let different: std::collections::BTreeSet<u8> = key.iter().copied().collect();
    if different.len() < LEAST_DIFFERENT {
        bail!("is no key, for its bytes repeat: make one with `second-opinion generate-master-key`");
    }
    Ok(SecretBox::new(Box::new(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_master_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("master.key");
        std::fs::write(&file, STANDARD.encode(application::clock::random::<32>().unwrap())).unwrap();
        for (mode, is_taken) in
            [(0o600, true), (0o400, true), (0o440, true), (0o644, false), (0o666, false), (0o620, false), (0o602, false)]
        {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read_key_file(&file).is_ok(), is_taken, "{mode:o}");
        }
    }
}
