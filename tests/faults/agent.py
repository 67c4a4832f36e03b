"""The agent of these tests: a few lines of perl that speak ACP and number all they say."""

COUNTER = r"""
use Time::HiRes qw(sleep);
$| = 1;
my ($number, $asked) = (0, 900);
sub reply { printf qq({"jsonrpc":"2.0","id":%s,"result":%s}\n), @_ }
sub say_ {
  print '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":' .
    '{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"' . $_[0] . '"}}}}' . "\n";
}
sub ask {
  $asked++;
  print '{"jsonrpc":"2.0","id":' . $asked . ',"method":"session/request_permission","params":{"sessionId":"s",' .
    '"toolCall":{"toolCallId":"c' . $asked . '","title":"Go on?"},"options":[' .
    '{"optionId":"yes","name":"Yes","kind":"allow_once"},{"optionId":"no","name":"No","kind":"reject_once"}]}}' . "\n";
  while (<STDIN>) {
    next unless /^\{.*\}$/ and /"id":$asked\b/;
    return /"optionId":"(\w+)"/ ? $1 : "nothing";
  }
  exit 9;
}
while (<STDIN>) {
  print STDERR "in $_";
  next unless /^\{.*\}$/;
  my ($id) = /"id":(\d+)/;
  if (/"method":"initialize"/) {
    sleep($ENV{SLOW} || 0);
    reply($id, '{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}');
  }
  elsif (/"method":"session\/new"/) { sleep($ENV{SLOW} || 0); reply($id, '{"sessionId":"s"}') }
  elsif (/"method":"session\/load"/) { say_("[again]"); reply($id, '{}') }
  elsif (/"method":"session\/prompt"/) {
    my ($text) = /"text":"([^"]*)"/;
    my %order = $text =~ /(\w+)=([\w.]+)/g;
    $SIG{INT} = $SIG{TERM} = "IGNORE" if $order{stubborn};
    say_("[took $order{name}]");
    for (1 .. $order{count} || 0) { say_(sprintf "<%06d>", ++$number); sleep $order{gap} if $order{gap} }
    my $eaten = "x" x (($order{eat} || 0) << 20);
    say_("[answered " . ask() . "]") if $order{ask};
    exit $order{exit} if defined $order{exit};
    reply($id, '{"stopReason":"end_turn"}');
  }
}
"""
"""Understands prompts such as ``name=p1 count=100 gap=0.01 eat=300 ask=1 exit=3 stubborn=1``.

All but the name may be absent; ``eat`` is MiB.

Says ``[took p1]``, then ``<000001>`` and so on, numbered over all prompts, then ``[answered yes]``.
"""
