-- A person at a real Neovim, with nothing but what Neovim has by itself: the client, code actions, messages, progress.
-- Driven as `nvim --headless --clean -n -l story.lua`, with what it needs in the environment. Writes what it saw as JSON.

local settings = vim.json.decode(vim.env.BERTH_TEST_SETTINGS)
local workspace = vim.env.BERTH_TEST_WORKSPACE
local seen = { progress = {}, asked = {}, actions = {} }

local function wait_for(what, holds)
  if not vim.wait(20000, holds, 20) then
    error("did not happen: " .. what .. "\n" .. vim.inspect(seen) .. "\n" .. vim.fn.execute("messages"))
  end
end

-- The person: chooses what is wanted from whatever Neovim lists, for code actions and for questions alike.
local wanted
vim.ui.select = function(items, options, on_choice)
  local shown = {}
  for index, item in ipairs(items) do
    local text = (options.format_item or tostring)(item)
    table.insert(shown, text)
    if wanted and text:find(wanted, 1, true) then
      local choice = item
      table.insert(wanted == "Allow" and seen.asked or seen.actions, shown)
      wanted = nil
      vim.schedule(function() on_choice(choice, index) end)
      return
    end
  end
  vim.schedule(function() on_choice(nil, nil) end)
end

vim.api.nvim_create_autocmd("LspProgress", {
  callback = function(event)
    local value = event.data.params.value
    table.insert(seen.progress, { kind = value.kind, title = value.title, message = value.message })
  end,
})

local function ended(title)
  local open = 0
  local found = false
  for _, value in ipairs(seen.progress) do
    if value.kind == "begin" then
      open = open + 1
      found = found or (value.title or ""):find(title, 1, true) ~= nil
    elseif value.kind == "end" then
      open = open - 1
    end
  end
  return found and open == 0
end

vim.cmd.edit(workspace .. "/notes.txt")
local notes = vim.api.nvim_get_current_buf()
local client_id = vim.lsp.start({
  name = "berth",
  cmd = vim.json.decode(vim.env.BERTH_TEST_SERVER),
  root_dir = workspace,
  settings = { berth = settings },
})
local client = vim.lsp.get_client_by_id(client_id)
wait_for("the server is ready", function() return client.initialized end)

local function do_action(title, options)
  wanted = title
  local again = 0
  wait_for("the action " .. title, function()
    if wanted and again <= 0 then
      vim.api.nvim_set_current_buf(notes)
      vim.lsp.buf.code_action(vim.tbl_extend("force", { context = { only = { "source" }, diagnostics = {} } }, options or {}))
      again = 25
    end
    again = again - 1
    return wanted == nil
  end)
end

-- Start, with the first line as the prompt.
local line = vim.api.nvim_buf_get_lines(notes, 0, 1, true)[1]
do_action("start in container with the selection as prompt", { range = { start = { 1, 0 }, ["end"] = { 1, #line } } })

-- The agent asks before it writes; the question comes through vim.ui.select.
wanted = "Allow"
wait_for("the question is answered", function() return #seen.asked > 0 end)
wait_for("the file is written", function() return vim.fn.filereadable(workspace .. "/hello.txt") == 1 end)
wait_for("the progress of the turn ends", function() return ended("scripted") end)

-- The transcript is a buffer like any other.
do_action("show transcript")
wait_for("the transcript is shown", function()
  return vim.api.nvim_buf_get_name(0):find("transcript.md", 1, true) ~= nil
end)
seen.transcript = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")

-- Stop, and see it stopped: a stopped session can be restarted.
do_action("Agent: stop")
local restart
wait_for("the session is stopped", function()
  local params = { command = "agent.list", arguments = {} }
  local reply = client:request_sync("workspace/executeCommand", params, 5000, notes)
  restart = reply and reply.result and reply.result[1]
  return restart and restart.state == "stopped"
end)
seen.state = restart.state

client:stop()
wait_for("the server has left", function() return client:is_stopped() end)
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.BERTH_TEST_RESULT)
os.exit(0)
