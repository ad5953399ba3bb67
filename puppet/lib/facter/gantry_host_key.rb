# frozen_string_literal: true

# The public key that Gantry's listener on this host goes by. The publisher beside the Puppet server reads it among the facts there,
# which only this host's certificate may write, and enrols the host by it.
Facter.add(:gantry_host_key) do
  path = '/var/lib/gantry-listener/host.pub'
  confine { File.file?(path) }
  setcode do
    File.readlines(path).reject { |line| line.start_with?('-----') }.map(&:strip).join
  end
end
