//! Configurations as people write them.

use super::super::super::dump::Dump;
use super::*;
use crate::frame::Frame;

fn frame(main: &str, more: &[(&str, &str)]) -> Frame {
    let mut data = String::from("//D /etc/rsyslog.d/*.conf\n");
    for (name, text) in [("/etc/rsyslog.conf", main)].iter().chain(more) {
        data.push_str(&format!("//F 81a4 0 0 9 {name}\n"));
        text.lines().for_each(|line| data.push_str(&format!(" {line}\n")));
        data.push_str("//E 0\n");
    }
    Frame { data: data.into_bytes(), exit: Some(0), ..Frame::empty("log.config") }
}

fn read(main: &str, more: &[(&str, &str)]) -> (Vec<Collector>, Vec<Problem>) {
    let frame = frame(main, more);
    collectors(&Dump::read(&frame).unwrap())
}

fn shown(main: &str) -> Vec<String> {
    let (collectors, problems) = read(main, &[]);
    assert_eq!(problems, [], "{main}");
    let word = |fact: Option<bool>| fact.map_or("?", |fact| if fact { "yes" } else { "no" });
    let line = |c: Collector| {
        format!(
            "{} {} {}{}",
            c.entry,
            word(c.everything),
            word(c.authentication),
            if c.tls { " tls" } else { "" }
        )
    };
    collectors.into_iter().map(line).collect()
}

#[test]
fn old_lines() {
    assert_eq!(shown("*.* @@10.0.2.2:10514"), ["rsyslog tcp 10.0.2.2:10514 yes yes"]);
    assert_eq!(shown("*.*\t@loghost"), ["rsyslog udp loghost yes yes"]);
    assert_eq!(
        shown("*.* @@(o)log.example:6514;RSYSLOG_SyslogProtocol23Format"),
        ["rsyslog tcp log.example:6514 yes yes"]
    );
    assert_eq!(shown("*.* @[2001:db8::1]:514"), ["rsyslog udp [2001:db8::1]:514 yes yes"]);
    assert_eq!(shown("auth,authpriv.* :omrelp:relay:2514"), ["rsyslog relp relay:2514 no yes"]);
    assert_eq!(
        shown("#*.* @@loghost\n  # *.* @loghost\nmail.* -/var/log/mail.log"),
        Vec::<String>::new()
    );
    assert_eq!(
        shown("auth,authpriv.* /var/log/auth.log\n& @loghost"),
        ["rsyslog udp loghost no yes"]
    );
    let tls = "$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@loghost:6514";
    assert_eq!(shown(tls), ["rsyslog tcp loghost:6514 yes yes tls"]);
}

#[test]
fn objects() {
    let object = "*.* action(type=\"omfwd\" target=\"10.0.2.2\" port=\"10514\" protocol=\"tcp\"\n\
                  \x20 queue.type=\"LinkedList\" # a comment )\n  action.resumeRetryCount=\"-1\")";
    assert_eq!(shown(object), ["rsyslog tcp 10.0.2.2:10514 yes yes"]);
    assert_eq!(shown("action(type=\"omfwd\" Target=\"h\")"), ["rsyslog udp h yes yes"]);
    let tls = "action(type=\"omfwd\" target=\"h\" port=\"6514\" protocol=\"tcp\" StreamDriver=\"gtls\" StreamDriverMode=\"1\")";
    assert_eq!(shown(tls), ["rsyslog tcp h:6514 yes yes tls"]);
    assert_eq!(
        shown("action(type=\"omkafka\" broker=[\"k1:9092\",\"k2:9092\"] topic=\"x\")"),
        ["rsyslog kafka k1:9092 yes yes"]
    );
    assert_eq!(
        shown(
            "template(name=\"x\" type=\"list\") { constant(value=\"} @@h\") }\naction(type=\"omfile\" file=\"/x\")"
        ),
        Vec::<String>::new()
    );
    assert_eq!(
        shown("/* *.* @@h */ *.info {\n action(type=\"omfwd\" target=\"h\")\n stop\n}"),
        ["rsyslog udp h yes yes"]
    );
}

#[test]
fn conditions_leave_it_open() {
    assert_eq!(shown("if $programname == 'then' then @@h"), ["rsyslog tcp h ? ?"]);
    let both = "if ($syslogseverity <= 4) then {\n action(type=\"omfwd\" target=\"a\")\n} else {\n action(type=\"omfwd\" target=\"b\")\n}";
    assert_eq!(shown(both), ["rsyslog udp a ? ?", "rsyslog udp b ? ?"]);
    assert_eq!(shown(":msg, contains, \"error @@x\" @@h"), ["rsyslog tcp h ? ?"]);
}

#[test]
fn shipped_configurations_are_understood() {
    let red_hat = "module(load=\"imuxsock\"    # local messages (e.g. via logger)\n  SysSock.Use=\"off\") # not these\n\
        module(load=\"imjournal\" UsePid=\"system\" # PID\n StateFile=\"imjournal.state\") # File\n\
        global(workDirectory=\"/var/lib/rsyslog\")\n\
        module(load=\"builtin:omfile\" Template=\"RSYSLOG_TraditionalFileFormat\")\n\
        include(file=\"/etc/rsyslog.d/*.conf\" mode=\"optional\")\n\
        *.info;mail.none;authpriv.none;cron.none\t/var/log/messages\nauthpriv.*\t/var/log/secure\n\
        mail.*  -/var/log/maillog\n*.emerg  :omusrmsg:*\nuucp,news.crit /var/log/spooler\n\
        # ### sample forwarding rule ###\n#action(type=\"omfwd\"  \n#Target=\"remote_host\" Port=\"XXX\" Protocol=\"tcp\")\n";
    assert_eq!(shown(red_hat), Vec::<String>::new());
    assert_eq!(
        shown(&format!("{red_hat}*.* @@10.1.1.1:514")),
        ["rsyslog tcp 10.1.1.1:514 yes yes"]
    );
    let suse = "if\t( /* kernel up to warning */ \\\n ($syslogfacility-text == 'kern') and \\\n not ($msg contains 'IN=') \\\n)\nthen {\n\t/dev/tty10\n\t|/dev/xconsole\n}\n\
        *.=warning;*.=err\t-/var/log/warn\n*.*;mail.none;news.none\t-/var/log/messages\n";
    assert_eq!(shown(&format!("{suse}*.* @loghost")), ["rsyslog udp loghost yes yes"]);
    let ubuntu = ":msg,contains,\"[UFW \" /var/log/ufw.log\n# & stop\n:syslogtag, isequal, \"[CLOUDINIT]\" /var/log/cloud-init.log\n& stop\n*.*;auth,authpriv.none\t-/var/log/syslog\n";
    assert_eq!(shown(&format!("{ubuntu}*.* @loghost")), ["rsyslog udp loghost yes yes"]);
}

#[test]
fn what_was_stopped_is_not_sent() {
    assert_eq!(
        shown("auth,authpriv.* /var/log/auth.log\n& stop\n*.* @@h"),
        ["rsyslog tcp h no no"]
    );
    assert_eq!(shown("*.* ~\n*.* @@h"), Vec::<String>::new());
    assert_eq!(shown("*.* @@h\n*.* stop"), ["rsyslog tcp h yes yes"]);
}

#[test]
fn rulesets_count_where_they_are_used() {
    let ruleset = "ruleset(name=\"remote\") {\n action(type=\"omfwd\" target=\"h\")\n}\n";
    assert_eq!(shown(ruleset), Vec::<String>::new());
    assert_eq!(shown(&format!("{ruleset}call remote")), ["rsyslog udp h yes yes"]);
    assert_eq!(shown(&format!("{ruleset}auth,authpriv.* call remote")), ["rsyslog udp h no yes"]);
    assert_eq!(shown(&format!("{ruleset}$DefaultRuleset remote")), ["rsyslog udp h yes yes"]);
    assert_eq!(
        shown("$RuleSet remote\n*.* @@h\n$RuleSet RSYSLOG_DefaultRuleset\n*.* @@i"),
        ["rsyslog tcp i yes yes"]
    );
}

#[test]
fn includes_stand_where_they_are_named() {
    let more = [
        ("/etc/rsyslog.d/10-a.conf", "auth,authpriv.* stop"),
        ("/etc/rsyslog.d/90-b.conf", "*.* @@h"),
    ];
    for include in [
        "$IncludeConfig /etc/rsyslog.d/*.conf",
        "include(file=\"/etc/rsyslog.d/*.conf\" mode=\"optional\")",
    ] {
        let (collectors, problems) = read(include, &more);
        assert_eq!(problems, []);
        assert_eq!(collectors.len(), 1);
        assert_eq!(collectors[0].authentication, Some(false));
    }
    assert!(read("", &more).0.is_empty());
    assert_eq!(read("$IncludeConfig /opt/x/*.conf", &more).1.len(), 1);
}

#[test]
fn broken_and_deep_texts_end() {
    for text in [
        "action(",
        "if x",
        "if \"then",
        "ruleset(name=\"a\") {",
        "*.* {",
        "}}}}",
        "{{{{",
        "&",
        "*.*",
        ":",
        "@",
        "\u{0}",
        "set $!x = ",
    ] {
        read(text, &[]);
    }
    read(&"{".repeat(100_000), &[]);
    read(&"if a then ".repeat(100_000), &[]);
    read(&"*.* { ".repeat(100_000), &[]);
}
