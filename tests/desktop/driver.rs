//! As much of WebDriver as these tests need, spoken to WebKitWebDriver over its own port.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the driver and the window may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running WebKitWebDriver.
pub(crate) struct Driver {
    process: Child,
    port: u16,
}

/// A session: one window of one application.
pub(crate) struct Window {
    port: u16,
    session: String,
}

impl Driver {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With these variables, which the application inherits.
    pub(crate) fn start_with(environment: &[(&str, String)]) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let process = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            // Inherited by the application: the tests run side by side, and none may ask for a keychain.
            .env("PITWIRE_LISTEN_PORT", "0")
            .env("PITWIRE_SECRETS_BACKEND", "file")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed");
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "WebKitWebDriver does not answer");
            std::thread::yield_now();
        }
        Self { process, port }
    }

    /// Start this program and wait for its page.
    pub(crate) fn open(&self, program: &str, arguments: &[&str]) -> Window {
        // A browser name would be refused.
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let answer = request(self.port, "POST", "/session", Some(&wanted)).unwrap();
        let session = answer["sessionId"].as_str().unwrap().to_owned();
        let window = Window { port: self.port, session };
        window.wait_for("document.readyState === 'complete'");
        window
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Window {
    /// Run the body of an async function in the page: what it returns, or what it throws.
    pub(crate) fn script(&self, body: &str, arguments: Value) -> Result<Value, String> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             (async function () {{ {body} }}).apply(null, Array.from(arguments).slice(0, -1)) \
             .then(value => done({{ value }}), error => done({{ error: JSON.stringify(error) + String(error) }}))"
        );
        let call = json!({ "script": script, "args": arguments });
        let answer = self.post("/execute/async", &call)?;
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap_or_default().to_owned()),
            None => Ok(answer.get("value").cloned().unwrap_or(Value::Null)),
        }
    }

    /// Wait until this expression is true in the page.
    pub(crate) fn wait_for(&self, expression: &str) {
        let started = Instant::now();
        // Between two looks the page draws a frame.
        let look = format!("await new Promise(requestAnimationFrame); return {expression}");
        while self.script(&look, json!([])) != Ok(json!(true)) {
            let late = started.elapsed() > PATIENCE;
            let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
            if late {
                self.screenshot(&format!("failed-{test}"));
            }
            assert!(!late, "never true in the page, see artefacts/failed-{test}.png: {expression}");
        }
    }

    /// Press and release a key, as a keyboard does.
    pub(crate) fn press(&self, key: &str) {
        let strokes = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.post("/actions", &actions).unwrap();
    }

    /// Take the pointer where it points at nothing.
    pub(crate) fn rest_pointer(&self) {
        let away = json!([{ "type": "pointerMove", "duration": 0, "x": 1, "y": 1 }]);
        let actions = json!({ "actions": [{ "type": "pointer", "id": "mouse", "actions": away }] });
        self.post("/actions", &actions).unwrap();
    }

    /// Leave a picture in `artefacts/`.
    pub(crate) fn screenshot(&self, name: &str) {
        let answer = request(self.port, "GET", &self.path("/screenshot"), None).unwrap();
        let picture = base64(answer.as_str().unwrap());
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("artefacts");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join(format!("{name}.png")), picture).unwrap();
    }

    /// How many windows there are.
    pub(crate) fn count(&self) -> usize {
        let answer = request(self.port, "GET", &self.path("/window/handles"), None).unwrap();
        answer.as_array().unwrap().len()
    }

    /// End the session and with it the application.
    pub(crate) fn close(&self) {
        drop(request(self.port, "DELETE", &self.path(""), None));
    }

    fn post(&self, command: &str, body: &Value) -> Result<Value, String> {
        request(self.port, "POST", &self.path(command), Some(body))
    }

    fn path(&self, command: &str) -> String {
        format!("/session/{}{command}", self.session)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.close();
    }
}

fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut answer = Vec::new();
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .and_then(|()| stream.read_to_end(&mut answer))
        .map_err(|error| format!("{method} {path}: {error}"))?;
    let answer = String::from_utf8_lossy(&answer);
    let (_, json) = answer.split_once("\r\n\r\n").ok_or("an answer without a body")?;
    let mut answer: Value = serde_json::from_str(json).map_err(|error| format!("{error}: {json}"))?;
    let value = answer["value"].take();
    match value.get("error").and(value.get("message")) {
        Some(message) => Err(message.to_string()),
        None => Ok(value),
    }
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for digit in text.bytes().filter_map(|byte| ALPHABET.iter().position(|known| *known == byte)) {
        bits = (bits << 6) | u32::try_from(digit).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    bytes
}
