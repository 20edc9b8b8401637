//! The programs in `examples/` do what they say.

#[path = "../examples/rehearse.rs"]
mod rehearse;

#[test]
fn a_release_is_rehearsed_in_memory() {
    rehearse::main().expect("it ends well");
    insta::assert_snapshot!(rehearse::rehearse("fixtures/release".into()).expect("a rehearsal"));
}
