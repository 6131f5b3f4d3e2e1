//! The README's code is code that builds.

#[test]
fn the_device_of_the_readme_is_the_example() {
    let readme = include_str!("../README.md");
    let code = readme
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the README has a device");
    assert_eq!(code, include_str!("../examples/counter.rs"));
}
