//! A full disk: no alert is accepted that cannot be kept, none that was accepted is lost, and with room again all goes
//! on by itself.
#![cfg(target_os = "linux")]

use crate::support::{TestDesk, eventually, rows, text};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A small disk of its own, taken away again at the end.
struct SmallDisk {
    at: TempDir,
}

impl SmallDisk {
    /// Nothing where this user may not mount.
    fn mount(size: &str) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at.path())
            .output()
            .is_ok_and(|o| o.status.success());
        mounted.then_some(Self { at })
    }

    fn path(&self) -> &Path {
        self.at.path()
    }

    /// Takes all the room there is.
    fn fill(&self) -> PathBuf {
        let path = self.at.path().join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        for piece in [64 * 1024, 4096, 512, 1] {
            while file.write(&vec![0; piece]).is_ok_and(|n| n > 0) {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The temporary directory reports what is left, should this fail.
        let _unmounted = Command::new("umount").arg("-l").arg(self.at.path()).status();
    }
}

#[test]
fn a_full_disk_answers_503_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount("12m") else {
        println!("skipped: a small disk cannot be mounted here, which takes root");
        return;
    };
    let desk = TestDesk::still().at(disk.path().join("data")).serve();
    desk.set("max_entries=10000");
    let hook = desk.hook(&[]);
    let mut number = 0;
    let mut send = || {
        number += 1;
        // Large enough that the room left in the log is soon used up.
        let note = "n".repeat(8 * 1024);
        let body = format!(
            r#"{{"id":"{number}","action":"buy","symbol":"BTCUSDT","price":2,"quantity":1,"note":"{note}"}}"#
        );
        let sent = Instant::now();
        let answer = desk.post(&hook.path(), &body);
        assert!(sent.elapsed() < Duration::from_millis(2_500), "answered after {:?}", sent.elapsed());
        (answer.status, answer.json())
    };
    let mut acknowledged = BTreeSet::new();
    let mut keep = |(status, said): (u16, serde_json::Value)| {
        if status == 202 {
            acknowledged.insert(text(&said, "signalId").to_owned());
        } else {
            assert_eq!((status, text(&said, "code")), (503, "STORAGE_UNAVAILABLE"), "{said}");
        }
        status
    };
    for _ in 0..5 {
        assert_eq!(keep(send()), 202);
    }
    let filler = disk.fill();
    eventually("the first 503", || (keep(send()) == 503).then_some(()));
    for _ in 0..5 {
        keep(send());
    }
    std::fs::remove_file(filler).unwrap();
    eventually("room for alerts again", || (keep(send()) == 202).then_some(()));
    for _ in 0..5 {
        assert_eq!(keep(send()), 202);
    }
    for id in &acknowledged {
        assert_eq!(desk.outcome(id)["status"], "executed");
    }
    let executed = desk.pitwire(&["signal", "list", "--status", "executed", "--limit", "500"]);
    let fills = desk.fills();
    assert_eq!(fills.len(), rows(&executed["signals"]).len());
    assert!(rows(&executed["signals"]).len() >= acknowledged.len());
    let doctor = desk.doctor();
    assert_eq!((&doctor["database"], &doctor["ledger"]), (&"ok".into(), &"ok".into()));
}
