//! A server on a port of this machine that answers what a function knows.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

/// Starts it; the port. `answer` gives what lies at a path, or nothing.
pub fn start(answer: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = head.next().and_then(Result::ok).unwrap_or_default();
            // The answer is not read before the question has ended.
            while head.next().and_then(Result::ok).map_or(false, |line| !line.is_empty()) {}
            let (status, body) = match first.split(' ').nth(1).and_then(&answer) {
                Some(body) => ("200 OK", body),
                None => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // Who asked may be gone.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    port
}
