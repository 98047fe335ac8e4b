//! The status page over a staged table, for a browser: prints its address, and serves until it is ended.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, missing_docs, dead_code)]

mod staged;

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, farlink::serve::page::routes(staged::table(), staged::now)).await.unwrap();
}
