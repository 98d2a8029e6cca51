#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| (auth0_provisioning_hardening::readers::responses::READER.run)(data));
