"""Files in the style of the templates that projects start from."""

NODE = """
// For format details, see https://aka.ms/devcontainer.json.
{
  "name": "Node.js",
  "image": "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm",
  "forwardPorts": [3000],
  "postCreateCommand": "yarn install",
  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } },
  "remoteUser": "node",
}
"""

PYTHON = """
{
  "name": "Python 3",
  "image": "mcr.microsoft.com/devcontainers/python:${localEnv:VARIANT_NOT_HERE:3.12}",
  "containerEnv": { "PYTHONUNBUFFERED": "1" },
  "postCreateCommand": "pip3 install --user -r requirements.txt"
}
"""

TYPESCRIPT_FEATURES = """
{
  "image": "mcr.microsoft.com/devcontainers/typescript-node:22",
  "features": {
    "ghcr.io/devcontainers/features/github-cli:1": {},
    "ghcr.io/devcontainers/features/aws-cli:1": { "version": "latest" }
  },
  "overrideFeatureInstallOrder": ["ghcr.io/devcontainers/features/aws-cli"],
  "postCreateCommand": { "deps": "npm ci", "hooks": ["npx", "husky", "install"] },
  "remoteUser": "node"
}
"""

RUST = """
{
  "name": "Rust",
  "image": "mcr.microsoft.com/devcontainers/rust:1-bookworm",
  "runArgs": ["--cap-add=SYS_PTRACE", "--security-opt", "seccomp=unconfined"],
  "mounts": [
    { "source": "devcontainer-cargo-cache-${devcontainerId}", "target": "/usr/local/cargo", "type": "volume" }
  ]
}
"""

GO_WITH_DOCKERFILE = """
{
  "name": "Go",
  "build": {
    "dockerfile": "Dockerfile",
    "context": "..",
    "args": { "VARIANT": "1.23", "NODE": 22, "USERNAME": "${localEnv:USER}" },
    "target": "dev",
    "cacheFrom": "ghcr.io/acme/go-cache",
    "options": ["--add-host=db:10.0.0.2"]
  },
  "runArgs": ["--cap-add=SYS_PTRACE"],
  "updateContentCommand": "go mod download",
  "postStartCommand": "go version"
}
"""

OLD_DOCKERFILE = """
{
  "name": "Before 2021",
  "dockerFile": "Dockerfile",
  "context": "..",
  "extensions": ["golang.go"],
  "settings": { "go.useLanguageServer": true },
  "runArgs": ["-u", "vscode"]
}
"""

COMPOSE = """
{
  "name": "Node.js & Mongo DB",
  "dockerComposeFile": "docker-compose.yml",
  "service": "app",
  "workspaceFolder": "/workspaces/${localWorkspaceFolderBasename}"
}
"""

POSTGRES = """
{
  "name": "Python 3 & PostgreSQL",
  // Two files, of which the later one wins.
  "dockerComposeFile": ["../docker-compose.yml", "docker-compose.extend.yml"],
  "service": "app",
  "runServices": ["db"],
  "forwardPorts": [5000, "db:5432"]
}
"""

DOCKER_IN_DOCKER = """
{
  "image": "mcr.microsoft.com/devcontainers/base:ubuntu",
  "privileged": true
}
"""

DOCKER_OUTSIDE = """
{
  "image": "mcr.microsoft.com/devcontainers/base:ubuntu",
  "mounts": ["source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"]
}
"""

UNIVERSAL = """
{
  "image": "mcr.microsoft.com/devcontainers/universal:2",
  "hostRequirements": { "cpus": 4, "memory": "8gb", "gpu": "optional" },
  "waitFor": "onCreateCommand",
  "updateContentCommand": "npm install",
  "postAttachCommand": { "server": "npm run dev" },
  "portsAttributes": { "3000": { "label": "Application", "onAutoForward": "openPreview" } },
  "secrets": { "NPM_TOKEN": { "description": "For private packages" } }
}
"""

CLAUDE = """
{
  "name": "Claude Code Sandbox",
  "build": { "dockerfile": "Dockerfile", "args": { "TZ": "${localEnv:TZ:America/Los_Angeles}" } },
  "runArgs": ["--cap-add=NET_ADMIN", "--cap-add=NET_RAW"],
  "remoteUser": "node",
  "mounts": [
    "source=claude-code-bashhistory-${devcontainerId},target=/commandhistory,type=volume",
    "source=claude-code-config-${devcontainerId},target=/home/node/.claude,type=volume"
  ],
  "containerEnv": { "NODE_OPTIONS": "--max-old-space-size=4096", "CLAUDE_CONFIG_DIR": "/home/node/.claude" },
  "workspaceMount": "source=${localWorkspaceFolder},target=/workspace,type=bind,consistency=delegated",
  "workspaceFolder": "/workspace",
  "postStartCommand": "sudo /usr/local/bin/init-firewall.sh",
  "waitFor": "postStartCommand"
}
"""

KEYS_FROM_THE_EDITOR = """
{
  "image": "node:22",
  "containerEnv": { "GITHUB_TOKEN": "${localEnv:GITHUB_TOKEN}", "STAGE": "${localEnv:STAGE:dev}" },
  "remoteEnv": {
    "PATH": "${containerEnv:PATH}:${containerWorkspaceFolder}/node_modules/.bin",
    "LOCAL_HOME": "${localEnv:HOME}${localEnv:USERPROFILE}",
    "STAGE": null
  },
  "runArgs": ["--name", "app-dev", "--rm", "-it", "--init", "-e", "KEY=${localEnv:MY_KEY}", "--memory=2g"]
}
"""

CONFIG_OF_THE_USER = """
{
  "image": "ubuntu:24.04",
  "mounts": [
    "source=${localEnv:HOME}${localEnv:USERPROFILE}/.ssh,target=/home/vscode/.ssh,type=bind,readonly",
    "source=${localWorkspaceFolder}/config,target=/etc/app,type=bind,consistency=cached",
    "source=${localWorkspaceFolderBasename}-node_modules,target=${containerWorkspaceFolder}/node_modules,type=volume",
    { "type": "bind", "source": "${localWorkspaceFolder}/a,b", "target": "/data" }
  ]
}
"""

PORTS_AND_SETUP = """
{
  "image": "ruby:3.3",
  "appPort": ["8080:8080"],
  "initializeCommand": "cp .env.example .env",
  "onCreateCommand": "bundle install",
  "postCreateCommand": ["bin/setup", "--skip-server"],
  "remoteUser": "root",
  "x-acme": { "team": "payments" },
  "dotfiles": true
}
"""

EMPTY = "{}"
