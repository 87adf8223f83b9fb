//! x
mod picture;
pub fn run() -> anyhow::Result<()> {
    let s = test_hosts::read_wav("/tmp/x.wav".as_ref())?;
    picture::draw(&s, "A title", "/tmp/x.png".as_ref())
}
