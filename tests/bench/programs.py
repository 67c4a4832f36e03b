"""The programs that stand in for agents: a few lines of ``sh`` and ``perl``, so that no agent's boot hides anything."""

HELLO = "echo hello; exec cat"
"""Says a word at once and then waits: a ``lines`` agent."""

PRINTER = r"""
use Time::HiRes qw(time sleep);
my $line = ("x" x 99) . "\n";
while (<STDIN>) {
  my ($word, $count, $gap) = split;
  if ($word eq "flood") { $| = 0; print $line for 1 .. $count; $| = 1; print "end\n"; }
  if ($word eq "stamps") {
    $| = 1;
    my $next = time;
    for (1 .. $count) {
      printf "%.6f\n", time;
      $next += $gap;
      my $rest = $next - time;
      sleep $rest if $rest > 0;
    }
  }
}
"""
"""Prints when told to: ``flood N`` is N lines of 100 bytes, ``stamps N GAP`` N times of day, GAP seconds apart."""

ACP_PRINTER = r"""
my $update = '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":' .
  '{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"' . ("x" x 20) . '"}}}}' . "\n";
sub reply { $| = 1; printf qq({"jsonrpc":"2.0","id":%s,"result":%s}\n), @_; $| = 0; }
while (<STDIN>) {
  my ($id) = /"id":(\d+)/;
  if (/"initialize"/) { reply($id, '{"protocolVersion":1,"agentCapabilities":{}}'); }
  elsif (/session\/new/) { reply($id, '{"sessionId":"s"}'); }
  elsif (/flood (\d+)/) { print $update for 1 .. $1; reply($id, '{"stopReason":"end_turn"}'); }
}
"""
"""The least that speaks ACP: the prompt ``flood N`` answers with N message chunks of 20 characters."""

AGENTS = {
    "hello": {"command": ["sh", "-c", HELLO], "dialect": "lines"},
    "printer": {"command": ["perl", "-e", PRINTER], "dialect": "lines"},
    "acp-printer": {"command": ["perl", "-e", ACP_PRINTER], "dialect": "acp"},
}
