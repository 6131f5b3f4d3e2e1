// SPDX-FileCopyrightText: 2026 the oldstable authors
// SPDX-License-Identifier: MIT OR Apache-2.0
//! A server on a port of this machine that answers by a function.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

/// Starts it and returns the port. `answer` returns the contents of a path, or `None`.
pub fn start(answer: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = head.next().and_then(Result::ok).unwrap_or_default();
            // The client does not read the answer before the request has ended.
            while head.next().and_then(Result::ok).map_or(false, |line| !line.is_empty()) {}
            let (status, body) = match first.split(' ').nth(1).and_then(&answer) {
                Some(body) => ("200 OK", body),
                None => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // The client may have disconnected.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    port
}
