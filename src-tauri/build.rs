//! Builds nothing for a headless Pitwire; with the window, its permissions and resources.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    #[cfg(feature = "gui")]
    window()?;
    Ok(())
}

#[cfg(feature = "gui")]
fn window() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    // Naming a command makes it denied unless a capability allows it.
    let manifest = tauri_build::AppManifest::new().commands(&["rpc", "subscribe"]);
    let icon = tauri_build::WindowsAttributes::new().window_icon_path("src-tauri/icons/icon.ico");
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .app_manifest(manifest)
            .windows_attributes(icon)
            .capabilities_path_pattern("./src-tauri/capabilities/**/*"),
    )?;
    Ok(())
}
